import Articles
import Messaging

/// The work of a stateless worker of the caller's: each article goes over the desk to the task that runs the worker.
final class TaskProcessor: StatelessProcessor {
    /// What goes over the desk.
    enum Job: Sendable {
        case work(WorkItem)
        case withdraw(Withdrawal)
    }
    typealias Outcome = Result<WorkResult, any Error>

    let kind: String
    private let desk: Desk<Job, Outcome>

    init(kind: String, desk: Desk<Job, Outcome>) {
        self.kind = kind
        self.desk = desk
    }

    func work(_ item: Messaging.WorkItem) throws -> Messaging.WorkResult {
        let item = WorkItem(position: Position(item.position), bytes: item.bytes, article: item.article)
        do { return try desk.perform(.work(item)).get().messaging } catch is CancellationError {
            // The task that runs the worker was cancelled: that is no fault of the article.
            throw WorkInterrupted()
        }
    }

    func kill(_ kill: KillRecord) { _ = desk.perform(.withdraw(.kill(kill))) }
    func erase(_ gone: GoneRecord) { _ = desk.perform(.withdraw(.gone(gone))) }
}
