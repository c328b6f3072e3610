import Lifecycle
package import Linux
import Messaging
import SQLite
import Synchronization
package import ZeroMQ

/// Follows the stream of results for the verdicts of the deduplicator, on a thread of its own beside the indexing worker.
///
/// The index works without: where nobody serves the stream, or nobody judges, each article is a story by itself.
package final class StoryFollower: Service {
    /// The kind of results that say which story an article belongs to.
    static let kind = "deduplicate"

    package let name = "stories"
    package var precedence: SystemThread.Precedence { .background }
    private let context: Context
    private let endpoints: [String]
    private let path: String
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)

    /// Makes a follower.
    ///
    /// - Parameters:
    ///   - endpoints: the log of results; alternatives of one server.
    ///   - path: of the ``StoryStore``.
    package init(context: Context, endpoints: [String], path: String) throws {
        self.context = context
        self.endpoints = endpoints
        self.path = path
        bell = try WakeUp()
    }

    package func drain() {
        isDraining.store(true, ordering: .relaxed)
        bell.ring()
    }

    package func run(started: @Sendable () -> Void) throws {
        var store: StoryStore? = try StoryStore(path: path)
        var outage = StateOutage(path: path, label: name)
        started()
        while !isDraining.load(ordering: .relaxed) {
            do {
                let opened = try store ?? StoryStore(path: path)
                store = opened
                try follow(opened, &outage)
            } catch let error as SQLiteError where error.isPassing {
                store = nil
                outage.begin(error)
                outage.wait(bell: bell) { !isDraining.load(ordering: .relaxed) }
            }
        }
    }

    /// Takes results in from the committed place on, until drained.
    private func follow(_ store: StoryStore, _ outage: inout StateOutage) throws {
        let log = LogFollower(
            context: context, endpoints: endpoints, topics: ["result/\(StoryFollower.kind)/"], consumer: "index-stories"
        ) { try store.cursors.cursor(of: $0) }
        while !isDraining.load(ordering: .relaxed) {
            try log.requestIfPossible(isWanted: outage.isOver())
            let entries = log.readable + [PollEntry(descriptor: bell.descriptor)]
            _ = try Poller.poll(entries, timeout: log.untilDue)
            bell.silence()
            guard let batch = try log.receive() else { continue }
            // The next one is on its way while this one is taken in.
            try log.requestIfPossible(isWanted: outage.isOver())
            try store.apply(batch.records.map(\.bytes), next: batch.next)
        }
    }
}
