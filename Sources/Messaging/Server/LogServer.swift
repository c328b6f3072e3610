import Articles
import Lifecycle
import Linux
import Synchronization
import Telemetry
package import ZeroMQ

/// Serves a stream: the feed (XPUB) and the log (ROUTER), on a thread and a read-only connection of its own.
///
/// The owner of the ``ArticleLog`` hands over what it has committed with ``publish(_:)``. It does not write the log.
package final class LogServer: Service {
    package let name: String
    private let context: Context
    private let configuration: StreamConfiguration
    private let databasePath: String
    private let mailbox: Mutex<CommitMailbox>
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)
    /// Something was replaced that the desk may have in memory.
    private let hasReplaced = Atomic<Bool>(false)
    private let turnCount = Counter()
    private let shown = Mutex<(feed: [String], log: [String])>(([], []))
    private let shownPositions = Mutex<(consumers: [String: UInt64], hold: RetentionHold)>(([:], .unknown))
    private let shownStanding = Mutex<LogStanding?>(nil)

    /// The version of the database with a log's groups.
    package static var groupsVersion: StateVersion { GroupStore.stateVersion }

    /// Makes a server of the log in `databasePath`, which must have its tables by the time that ``run(started:)`` is called.
    package init(context: Context, configuration: StreamConfiguration, databasePath: String) throws {
        self.name = "stream \(configuration.name)"
        self.context = context
        self.configuration = configuration
        self.databasePath = databasePath
        self.mailbox = Mutex(CommitMailbox(capacity: configuration.mailboxBytes))
        let bell = try WakeUp()
        self.bell = bell
        context.security?.whenReloaded { bell.ring() }
    }

    /// Takes over what was committed, in order. Safe on any thread.
    package func publish(_ records: [LogRecord]) {
        guard !records.isEmpty else { return }
        mailbox.withLock { $0.add(records) }
        bell.ring()
    }

    /// Takes over what was replaced in the log, so that nobody gets what stood there before. Safe on any thread.
    package func replace(_ records: [ReplacedRecord]) {
        guard !records.isEmpty else { return }
        mailbox.withLock { mailbox in for record in records { mailbox.replace(record) } }
        hasReplaced.store(true, ordering: .releasing)
        bell.ring()
    }

    /// The addresses of feed and log, once they are bound.
    package var addresses: (feed: [String], log: [String]) { shown.withLock { $0 } }

    /// The positions that consumers and groups have committed, by name.
    package var consumers: [String: UInt64] { shownPositions.withLock { $0.consumers } }

    /// What holds retention back.
    package var hold: RetentionHold { shownPositions.withLock { $0.hold } }

    /// The log with those who read it, at most a second old; nil before it serves.
    package var standing: LogStanding? { shownStanding.withLock { $0 } }

    /// How often the loop has turned: a server without work stands still.
    var turns: Int { turnCount.value }

    package func drain() {
        isDraining.store(true, ordering: .relaxed)
        bell.ring()
    }

    package func run(started: @Sendable () -> Void) throws {
        let feed = try Feed(context: context, endpoints: configuration.feed, inlineBytes: configuration.inlineBytes)
        let router = try EnvelopeRouter(context: context, endpoints: configuration.log, domain: .log)
        shown.withLock { $0 = (feed.addresses, router.addresses) }
        let desk = try LogDesk(
            reader: LogReader(path: databasePath), groups: GroupStore(path: databasePath + "-groups"),
            configuration: configuration, feedAddresses: feed.addresses, logAddresses: router.addresses)
        started()
        var (nextLook, nextStanding) = (ContinuousClock.now, ContinuousClock.now)
        while !isDraining.load(ordering: .relaxed) {
            turnCount.add()
            try feed.sendHeadIfDue(desk.headPosition) { desk.headMessage }
            if nextLook <= .now {
                let positions = desk.positions
                let hold = try desk.hold(positions)
                shownPositions.withLock { $0 = (positions, hold) }
                if nextStanding <= .now {
                    let standing = try desk.standing()
                    shownStanding.withLock { $0 = standing }
                    nextStanding = .now + desk.standingInterval
                }
                nextLook = .now + .seconds(1)
            }
            let timeout = min(feed.untilHead, desk.untilDue ?? .seconds(1))
            _ = try Poller.poll(
                [router.readable, feed.readable, PollEntry(descriptor: bell.descriptor)], timeout: timeout)
            try takeCommitted(desk, router, feed)
            try feed.drainSubscriptions()
            // A bounded turn: what was committed meanwhile goes out before the next requests are looked at.
            for _ in 0..<64 {
                guard let request = try router.receive() else { break }
                // Who asks after it was replaced does not get what was there before.
                if hasReplaced.exchange(false, ordering: .acquiring) {
                    desk.replaced(mailbox.withLock { $0.takeReplaced() })
                }
                if let answer = desk.handle(request) { try send(answer, desk, router) }
            }
            for answer in desk.answerDue() { try send(answer, desk, router) }
        }
        try takeCommitted(desk, router, feed)
        try refuseAll(desk, router)
        try feed.sendBye(desk.headPosition)
    }

    private func send(_ answer: LogDesk.Answer, _ desk: LogDesk, _ router: EnvelopeRouter) throws {
        if try !router.reply(to: answer.request, answer.outcome) { desk.takeBack(answer) }
    }

    /// Answers whoever waits for what was committed, then publishes it.
    private func takeCommitted(_ desk: LogDesk, _ router: EnvelopeRouter, _ feed: Feed) throws {
        // Silence first: a ring after it is heard in the next turn.
        bell.silence()
        let (records, replaced, hasSkipped) = mailbox.withLock { $0.take() }
        desk.replaced(replaced)
        guard !records.isEmpty else { return }
        for answer in desk.committed(records, hasSkipped: hasSkipped) { try send(answer, desk, router) }
        for record in records { try feed.publish(record) }
    }

    /// Tells everyone who waits, and everyone whose request has arrived, that the server stops.
    private func refuseAll(_ desk: LogDesk, _ router: EnvelopeRouter) throws {
        let stopping = WireError(.unavailable, "STOPPING", "the server stops", retryMilliseconds: 500)
        for request in desk.abandonWaiting() { try router.reply(to: request, .failure(stopping)) }
        for _ in 0..<1024 {
            guard let request = try router.receive() else { return }
            try router.reply(to: request, .failure(stopping))
        }
    }
}
