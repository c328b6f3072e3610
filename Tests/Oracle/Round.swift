import Articles
import Glibc
import Linux
import Messaging
import Synchronization
import TestSupport
import ZeroMQ

/// One round on a new directory: processes, producers and faults for a while, then calm, then the audit.
final class Round {
    /// What came of it.
    struct Outcome: Sendable {
        /// How many files were dropped, by way.
        var ways: [String: Int] = [:]
        var outcomes: [String: Int] = [:]
        var faults: [String: Director.Tally] = [:]
        var articles = 0
        var doubtful = 0
        var onFeed = 0
        /// How long the slowest of the fresh files took after the last fault.
        var fresh = Duration.zero
        /// How long it took until everything had its outcome.
        var calm = Duration.zero
        var residentBytes = 0
    }

    /// What must hold after the last fault.
    private enum Bound {
        /// A fresh file is on the log.
        static let fresh = Duration.seconds(15)
        /// Everything has its outcome: a file that could not be taken is tried again within 30 s.
        static let calm = Duration.seconds(90)
    }

    private let options: Options
    private let seed: UInt64
    private let findings: Findings
    private let workplace: Workplace
    private let register = Register()
    private let context: Context
    private let rules: FaultRules
    private let watcher: Watcher
    private let status: StatusService

    init(options: Options, seed: UInt64, findings: Findings) throws {
        self.options = options
        self.seed = seed
        self.findings = findings
        workplace = try Workplace(mayMount: options.mayMount)
        context = try Context()
        rules = try FaultRules(workplace.scratch)
        watcher = Watcher(workplace: workplace, rules: rules, findings: findings)
        status = StatusService(workplace: workplace)
    }

    /// Where its directory is.
    var path: String { workplace.scratch.path }

    /// Leaves the directory when the object goes.
    func keep() { workplace.keep() }

    /// Runs it.
    func run(seconds: Int) throws -> Outcome {
        var outcome = Outcome()
        try status.waitUntilReady()
        try watcher.waitUntilReady()
        let listener = FeedListener()
        let isDroppingOver = Flag()
        let isListeningOver = Flag()
        let listening = try thread("feed") { [context, workplace] in
            try listener.run(context, endpoint: workplace.feedEndpoint, isOver: { isListeningOver.isSet })
        }
        let producing = try (0..<options.producers).map { number in
            try thread("producer-\(number)") { [workplace, register, seed] in
                try Producer(
                    workplace: workplace, register: register, seed: seed &+ UInt64(number) &+ 1,
                    isOver: { isDroppingOver.isSet }
                ).run()
            }
        }
        let director = Director(
            workplace: workplace, watcher: watcher, status: status, rules: rules, register: register,
            findings: findings, context: context, faults: Fault.all(options.families, hasDisk: workplace.hasDisk),
            seed: seed, say: { [options] in if options.isVerbose { Oracle.note($0) } })
        let directing = Result { try director.run(until: .now + .seconds(seconds)) }
        isDroppingOver.set()
        for thread in producing { thread.join() }
        defer {
            isListeningOver.set()
            listening.join()
        }
        try directing.get()
        outcome.faults = director.tallies

        let log = LogCopy(context, endpoint: workplace.logEndpoint)
        outcome.fresh = try dropFresh(log)
        // Whatever is held by now is due then.
        try rules.stepClock(by: .seconds(5 * 86_400))
        outcome.calm = try waitForCalm(log)
        outcome.residentBytes = ProcessInformation.residentBytes(of: watcher.process?.identifier ?? 0)
        let audit = Audit(workplace: workplace, register: register, log: log, findings: findings)
        try audit.check()
        try checkStatus(log)
        listener.compare(with: log, findings)
        try watcher.terminate()
        try status.kill()

        for drop in register.drops {
            outcome.ways[drop.way.rawValue, default: 0] += 1
            if drop.isDoubtful { outcome.doubtful += 1 }
        }
        for file in log.files { outcome.outcomes[file.outcome.rawValue, default: 0] += 1 }
        outcome.outcomes[FileOutcome.held.rawValue] = log.heldCount
        outcome.articles = log.articles.count
        outcome.onFeed = listener.count
        return outcome
    }

    private func thread(_ name: String, _ body: @escaping @Sendable () throws -> Void) throws -> SystemThread {
        try SystemThread(name: name) { [findings] in
            do { try body() } catch { findings.add("the oracle's own thread '\(name)' failed", "\(error)") }
        }
    }

    // MARK: After the last fault

    /// Drops a fresh file in every directory; returns how long the slowest took.
    private func dropFresh(_ log: LogCopy) throws -> Duration {
        let start = ContinuousClock.now
        var waiting: Set<String> = []
        for site in DropSite.all.indices {
            let number = register.takeNumber()
            let content = Content.article(number)
            register.announce(content)
            let place = Place(site: site, path: Array("fresh-\(number).txt".utf8))
            let staged = workplace.staging + Array("/fresh-\(number)".utf8)
            try Hand.write(content.bytes, to: staged)
            try Hand.rename(staged, to: workplace.path(place))
            register.add(Drop(way: .renamedIn, place: place, digest: content.digest))
            if DropSite.all[site].isMarked { try Hand.write([], to: workplace.path(place) + Array(".done".utf8)) }
            waiting.insert("fresh-\(number).txt")
        }
        let isThere = try eventually(within: Bound.fresh) {
            watcher.check()
            try log.refresh(findings)
            waiting.subtract(log.files.suffix(5000).map(\.path))
            return waiting.isEmpty
        }
        if !isThere {
            findings.add("a fresh file took longer than \(Bound.fresh) after the last fault", "\(waiting.sorted())")
        }
        return ContinuousClock.now - start
    }

    /// Waits until every file has its outcome and none lies where none should stay.
    private func waitForCalm(_ log: LogCopy) throws -> Duration {
        let start = ContinuousClock.now
        _ = try eventually(within: Bound.calm) {
            watcher.check()
            try watcher.start()
            try log.refresh(findings)
            let audit = Audit(workplace: workplace, register: register, log: log, findings: findings)
            guard audit.missing().isEmpty, try audit.lying().isEmpty else {
                Pace.sleep(.milliseconds(200))
                return false
            }
            return true
        }
        return ContinuousClock.now - start
    }

    /// The status service has counted what the log says.
    private func checkStatus(_ log: LogCopy) throws {
        try log.refresh(findings)
        let desk = AdminDesk(context, path: workplace.scratch.path("run/status/report.sock"))
        var expected: [String: Int64] = [:]
        for file in log.files { expected[file.outcome.rawValue, default: 0] += 1 }
        var last: JSONValue?
        let isEqual = eventually(within: .seconds(20)) {
            last = desk.ask("SUMMARY")
            guard let last, last["articles"]?.integerValue == Int64(log.articles.count) else { return false }
            return expected.allSatisfy { last["files"]?[$0.key]?.integerValue == $0.value }
        }
        if !isEqual {
            findings.add(
                "the status service counts otherwise than the log",
                "log: \(expected), \(log.articles.count) articles; status: \(last.map { "\($0)" } ?? "no answer")")
        }
    }
}

/// Is set once, by one thread, and seen by others.
final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}
