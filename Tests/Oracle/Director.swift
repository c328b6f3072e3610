import Glibc
import Ingestion
import Linux
import Messaging
import TestSupport
import ZeroMQ

/// Brings the faults of a round, one after the other, in an order that its seed chooses, until each has come at least once
/// and the time is over.
final class Director {
    /// How often a fault was brought, and how often it hit.
    struct Tally: Sendable {
        var tries = 0
        var hits = 0
    }

    private let workplace: Workplace
    private let watcher: Watcher
    private let status: StatusService
    private let rules: FaultRules
    private let register: Register
    private let findings: Findings
    private let context: Context
    private var random: SeededGenerator
    private let faults: [Fault]
    private let say: (String) -> Void
    private(set) var tallies: [String: Tally] = [:]
    /// A fault that does not hit in so many tries never will.
    private static let patience = 4

    init(
        workplace: Workplace, watcher: Watcher, status: StatusService, rules: FaultRules, register: Register,
        findings: Findings, context: Context, faults: [Fault], seed: UInt64,
        say: @escaping (String) -> Void
    ) {
        self.workplace = workplace
        self.watcher = watcher
        self.status = status
        self.rules = rules
        self.register = register
        self.findings = findings
        self.context = context
        self.faults = faults
        self.say = say
        random = SeededGenerator(seed: seed)
    }

    /// Brings faults until a moment, and for longer where some fault has not come yet.
    func run(until end: ContinuousClock.Instant) throws {
        var deck = faults.shuffled(using: &random)
        while ContinuousClock.now < end || !deck.isEmpty {
            try keepRunning()
            guard let fault = deck.popLast() else {
                deck = faults.shuffled(using: &random)
                if deck.isEmpty { Pace.sleep(.milliseconds(100)) }
                continue
            }
            say("\(fault.name) …")
            let didHit = try bring(fault)
            say("… \(didHit ? "hit" : "did not hit")")
            tallies[fault.name, default: Tally()].tries += 1
            if didHit { tallies[fault.name]!.hits += 1 }
            let tally = tallies[fault.name]!
            if tally.hits == 0 {
                if tally.tries < Director.patience {
                    deck.insert(fault, at: 0)
                } else if tally.tries == Director.patience {
                    findings.add("a fault was never hit", fault.name)
                }
            }
            try keepRunning()
            Pace.sleep(duration(0...300))
        }
        try rules.set([])
        watcher.excuse = nil
        try watcher.waitUntilReady()
        try status.start()
    }

    private func keepRunning() throws {
        watcher.check()
        try watcher.start()
        try status.start()
    }

    // MARK: Each fault

    /// Brings a fault and takes it away again; returns whether it hit.
    private func bring(_ fault: Fault) throws -> Bool {
        switch fault {
        case .point(let point): return try killAtPoint(point)
        case .call(let rule): return try killAtCall(rule)
        case .kill:
            Pace.sleep(duration(0...700))
            let wasAlive = try watcher.kill()
            Pace.sleep(duration(0...400))
            return wasAlive
        case .drain:
            try watcher.waitUntilReady()
            try watcher.terminate()
            return true
        case .freeze:
            guard let process = watcher.process, process.send(SIGSTOP) else { return false }
            Pace.sleep(duration(100...2500))
            return process.send(SIGCONT)
        case .errors(_, let lines, let isOfStore): return try fail(lines, isOfStore: isOfStore)
        case .fullDisk: return try fillDisk()
        case .fewDescriptors: return try limitDescriptors()
        case .clock: return try setClock()
        case .frozenSubscriber: return try freezeSubscriber()
        case .frozenStatus:
            guard status.send(SIGSTOP) else { return false }
            Pace.sleep(duration(300...2000))
            return status.send(SIGCONT)
        case .killedStatus:
            try status.kill()
            Pace.sleep(duration(0...1500))
            return true
        case .away: return try takeAway()
        case .reload: return try reload()
        }
    }

    private func killAtPoint(_ point: IntakePoint) throws -> Bool {
        if Bool.random(using: &random) {
            try watcher.kill()
        } else {
            // Before it serves, SIGTERM ends it as it ends any program.
            try watcher.waitUntilReady()
            try watcher.terminate()
        }
        // While nobody watches, a file comes that is committed in several pieces.
        if Int.random(in: 0..<3, using: &random) == 0 { try dropLongContainer() }
        let before = notes(of: point)
        try watcher.start(killAt: (point, Int.random(in: 1...4, using: &random)))
        let wasKilled = try watcher.waitUntilKilled(within: .seconds(15))
        if !wasKilled { try watcher.kill() }
        return wasKilled && notes(of: point) > before
    }

    private func dropLongContainer() throws {
        let sites = DropSite.all.indices.filter { Way.container.fits(DropSite.all[$0]) }
        let site = sites.randomElement(using: &random)!
        try workplace.gates[site].withMany {
            try Producer.dropContainer(
                of: Int.random(in: 1001...2200, using: &random), site: site, number: register.takeNumber(),
                workplace: workplace, register: register, random: &random)
        }
    }

    private func notes(of point: IntakePoint) -> Int {
        String(decoding: workplace.scratch.read("killed") ?? [], as: UTF8.self).split(separator: "\n")
            .count { $0 == point.rawValue }
    }

    private func killAtCall(_ rule: String) throws -> Bool {
        let before = rules.hits
        try rules.set([rule])
        let wasKilled = try watcher.waitUntilKilled(within: .seconds(15))
        try rules.set([])
        return wasKilled && rules.hits > before
    }

    private func fail(_ lines: [String], isOfStore: Bool) throws -> Bool {
        if isOfStore { watcher.excuse = "errors of the store" }
        let before = rules.hits
        try rules.set(lines)
        let end = ContinuousClock.now + duration(500...2500)
        let latest = ContinuousClock.now + .seconds(10)
        let mayBeKilled = Int.random(in: 0..<4, using: &random) == 0
        while ContinuousClock.now < end || rules.hits == before && ContinuousClock.now < latest {
            if isOfStore { try keepRunning() }
            Pace.sleep(.milliseconds(50))
        }
        if mayBeKilled { try watcher.kill() }
        try rules.set([])
        if isOfStore { try recover() }
        return rules.hits > before
    }

    /// Waits until the watcher serves again after what may have ended it.
    private func recover() throws {
        // The rules that hold no more may still be noticed for a moment.
        Pace.sleep(.milliseconds(100))
        watcher.check()
        try watcher.waitUntilReady()
        watcher.excuse = nil
    }

    private func fillDisk() throws -> Bool {
        // A clean start: what is there of the write-ahead log would be written over, which needs no room.
        try watcher.waitUntilReady()
        try watcher.terminate()
        watcher.excuse = "the disk is full"
        defer { watcher.excuse = nil }
        try watcher.waitUntilReady()
        let desk = AdminDesk(context, path: workplace.scratch.path("run/watch/admin.sock"))
        let ballast = Hand.terminated(Array(workplace.scratch.path("state/ballast").utf8))
        let descriptor = open(ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemError(operation: "make the ballast") }
        defer { close(descriptor) }
        var filled = off_t(0)
        let wasTold = eventually(within: .seconds(8)) {
            // Again and again: the watcher gives up a ballast of its own.
            Director.fill(descriptor, &filled)
            watcher.check()
            return watcher.process == nil || desk.troubles().contains { $0.contains("full") || $0.contains("room") }
        }
        Pace.sleep(duration(0...1500))
        if Int.random(in: 0..<3, using: &random) == 0 {
            try watcher.kill()
            try watcher.start()
            Pace.sleep(duration(0...500))
        }
        // Its name alone would leave the room taken, as it is open.
        ftruncate(descriptor, 0)
        unlink(ballast)
        try recover()
        return wasTold
    }

    /// Takes all room, by halves, as it is not known how much there is: what is asked for and not there is given back.
    private static func fill(_ descriptor: Int32, _ filled: inout off_t) {
        var size = off_t(256 << 20)
        while size >= 4096 {
            if posix_fallocate(descriptor, filled, size) == 0 { filled += size } else { size /= 2 }
        }
    }

    private func limitDescriptors() throws -> Bool {
        try watcher.waitUntilReady()
        guard let process = watcher.process else { return false }
        let desk = AdminDesk(context, path: workplace.scratch.path("run/watch/admin.sock"))
        guard desk.ask("STATUS") != nil else { return false }
        let used = try Directory(path: "/proc/\(process.identifier)/fd").entries().count
        let limit = used + Int.random(in: 0...2, using: &random)
        guard try Command.run(["/usr/bin/prlimit", "--pid", "\(process.identifier)", "--nofile=\(limit):"]) else {
            return false
        }
        let wasTold = eventually(within: .seconds(5)) {
            desk.troubles().contains { $0.contains("Too many open files") }
        }
        Pace.sleep(duration(0...1000))
        guard try Command.run(["/usr/bin/prlimit", "--pid", "\(process.identifier)", "--nofile=1024:"]) else {
            return process.ending == nil
        }
        return wasTold
    }

    private func setClock() throws -> Bool {
        let before = rules.hits
        let minutes = [-1440, -61, -10, 7, 60, 2000].randomElement(using: &random)!
        register.noteClockStep()
        try rules.stepClock(by: .seconds(60 * minutes))
        // Whoever reads it has it before it holds.
        let wasRead = eventually(within: .seconds(5)) { rules.hits > before }
        Pace.sleep(.milliseconds(300))
        register.noteClockStep()
        return wasRead
    }

    private func freezeSubscriber() throws -> Bool {
        let subscriber = try FeedSubscriber(context: context, endpoint: workplace.feedEndpoint)
        Pace.sleep(duration(1500...3000))
        return try eventually(within: .seconds(5)) { try subscriber.receive() != nil }
    }

    private func takeAway() throws -> Bool {
        try watcher.waitUntilReady()
        let desk = AdminDesk(context, path: workplace.scratch.path("run/watch/admin.sock"))
        let site = Int.random(in: DropSite.all.indices, using: &random)
        let name = DropSite.all[site].name
        return try workplace.gates[site].withNobody {
            try workplace.scratch.rename("sites/\(name)", to: "elsewhere/\(name)")
            let wasTold = eventually(within: .seconds(5)) {
                desk.troubles().contains { $0.contains("'\(workplace.path(site: site))'") }
            }
            Pace.sleep(duration(0...500))
            try workplace.scratch.rename("elsewhere/\(name)", to: "sites/\(name)")
            return wasTold
        }
    }

    private func reload() throws -> Bool {
        try watcher.waitUntilReady()
        guard let process = watcher.process else { return false }
        let desk = AdminDesk(context, path: workplace.scratch.path("run/watch/admin.sock"))
        let site = Int.random(in: DropSite.all.indices, using: &random)
        func isWatched(_ expected: Bool) -> Bool {
            eventually(within: .seconds(8)) {
                desk.directories().map { $0.contains(workplace.path(site: site)) } == expected
            }
        }
        try workplace.configure(without: site)
        process.send(SIGHUP)
        let wasTakenOut = isWatched(false)
        try workplace.misconfigure()
        process.send(SIGHUP)
        Pace.sleep(duration(0...800))
        try workplace.configure(without: nil)
        process.send(SIGHUP)
        return wasTakenOut && isWatched(true)
    }

    private func duration(_ milliseconds: ClosedRange<Int>) -> Duration {
        .milliseconds(Int.random(in: milliseconds, using: &random))
    }
}
