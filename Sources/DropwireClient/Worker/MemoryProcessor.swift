import Articles
import Messaging
import SQLite

/// The work of a stateful worker of the caller's that remembers in the worker's own file.
final class MemoryProcessor: StatefulProcessor {
    typealias Work = @Sendable (WorkItem, WorkerMemory) throws -> WorkResult
    typealias Withdraw = @Sendable (Withdrawal, WorkerMemory) throws -> Void

    let kind: String
    private let apply: Work
    private let withdraw: Withdraw
    private var memory: WorkerMemory?

    init(kind: String, apply: @escaping Work, withdraw: @escaping Withdraw) {
        self.kind = kind
        self.apply = apply
        self.withdraw = withdraw
    }

    func prepare(_ connection: SQLite.Connection) throws {
        try connection.transaction { try WorkerMemory.prepare(connection) }
        memory = WorkerMemory(connection)
    }

    func apply(_ item: Messaging.WorkItem) throws -> Messaging.WorkResult {
        let item = WorkItem(position: Position(item.position), bytes: item.bytes, article: item.article)
        return try apply(item, memory!).messaging
    }

    func kill(_ kill: KillRecord, bytes: [UInt8], at position: Messaging.Position) throws {
        try withdraw(.kill(kill), memory!)
    }

    func erase(_ gone: GoneRecord, at position: Messaging.Position) throws { try withdraw(.gone(gone), memory!) }

    func didCommit() {}
}
