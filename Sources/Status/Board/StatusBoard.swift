import Linux
package import Messaging
import Telemetry
import Synchronization

/// What the status service knows of the moment: who is alive, how fast things move, what is wrong. Safe on any thread.
///
/// It is gone with the process; every process tells it again within five seconds.
package final class StatusBoard: Sendable {
    /// A process as it last told of itself.
    package struct Process: Sendable {
        package var heartbeat: Heartbeat
        /// How long ago that was.
        package var age: Duration
        /// Its name, with its host where that is not the service's own.
        package var label: String { ServedStreams.Entry(heartbeat).label(on: ProcessInformation.hostName) }
        /// It has told of itself lately.
        package var isAlive: Bool { age < StatusBoard.silence }
        /// How long it has been that it did something, or had nothing to do.
        package var standstill: Duration
    }

    /// A trouble with the one who has it.
    package struct Trouble: Sendable, Equatable {
        package var name: String
        package var text: String
    }

    private struct Entry {
        var heartbeat: Heartbeat
        var seen: ContinuousClock.Instant
        var moved: ContinuousClock.Instant
        /// What grows while it works.
        var mark: Int64
    }

    private struct State {
        var processes: [String: Entry] = [:]
        var rates: [String: RateMeter] = [:]
        var counts: [String: Int64] = [:]
        var lastArticle: ContinuousClock.Instant?
        /// What is wrong with the service itself, by what it is about.
        var troubles: [String: String] = [:]
        /// Addresses of the service's own parts, by name.
        var endpoints: [String: [String]] = [:]
        var ownHeartbeat: ContinuousClock.Instant?
        var sources = SourceList()
        /// By source, as many as may have moved lately.
        var sourceRates: [String: RateMeter] = [:]
        /// Articles since the start by source, of the first so many; of the others under no name.
        var sourceCounts: [String: Int64] = [:]
        var storage: [StorageStanding] = []
        var damage: StoreDamage?
    }

    /// A process that was not heard of for so long counts as silent.
    package static let silence = Duration.seconds(15)
    /// What waits for so long without a move is in trouble.
    package static let standstillLimit = Duration.seconds(60)
    /// A process that was silent for so long is forgotten.
    private static let memory = Duration.seconds(24 * 3600)
    private static let maximumProcesses = 500
    /// The most sources whose articles of the last minute are counted apart.
    private static let maximumSourceRates = 2000
    /// The most sources whose articles since the start are counted apart.
    private static let maximumSourceCounts = 100

    private let state = Mutex(State())
    private let started = ContinuousClock.now

    /// Makes an empty board.
    package init() {}

    // MARK: Telling

    /// Takes in a heartbeat.
    package func note(_ heartbeat: Heartbeat, at now: ContinuousClock.Instant = .now) {
        let key = heartbeat.host + "/" + heartbeat.name
        let mark =
            heartbeat.streams.reduce(Int64(0)) { $0 &+ Int64(clamping: $1.seq) }
            &+ (heartbeat.numbers["done"] ?? 0) &+ Int64(heartbeat.pid) << 40
        state.withLock { state in
            let before = state.processes[key]
            let waits = heartbeat.lag > 0 || (heartbeat.numbers["outbox"] ?? 0) > 0
            let hasMoved = before.map { $0.mark != mark } ?? true
            let moved = hasMoved || !waits ? now : before?.moved ?? now
            state.processes[key] = Entry(heartbeat: heartbeat, seen: now, moved: moved, mark: mark)
            if state.processes.count > StatusBoard.maximumProcesses,
                let oldest = state.processes.min(by: { $0.value.seen < $1.value.seen })
            {
                state.processes[oldest.key] = nil
            }
        }
    }

    /// Counts what arrived.
    package func count(_ arrivals: Arrivals, at now: ContinuousClock.Instant = .now) {
        guard !arrivals.names.isEmpty else { return }
        let second = (now - started).components.seconds
        state.withLock { state in
            for (name, amount) in arrivals.names {
                state.rates[name, default: RateMeter()].add(amount, at: second)
                state.counts[name, default: 0] += amount
            }
            if arrivals.names["articles"] != nil { state.lastArticle = now }
            if state.sourceRates.count + arrivals.sources.count > StatusBoard.maximumSourceRates {
                for name in Array(state.sourceRates.keys) where state.sourceRates[name]?.perSecond(at: second) == 0 {
                    state.sourceRates[name] = nil
                }
            }
            for (name, amount) in arrivals.sources {
                let isOwn =
                    state.sourceCounts[name] != nil || state.sourceCounts.count < StatusBoard.maximumSourceCounts
                state.sourceCounts[isOwn ? name : "", default: 0] += amount
            }
            for (name, amount) in arrivals.sources
            where state.sourceRates.count < StatusBoard.maximumSourceRates || state.sourceRates[name] != nil {
                state.sourceRates[name, default: RateMeter()].add(amount, at: second)
            }
        }
    }

    /// Takes in how the sources stand.
    package func setSources(_ sources: SourceList) { state.withLock { $0.sources = sources } }

    /// Takes in how full the databases are; what is wrong with one is a trouble.
    package func setStorage(_ storage: [StorageStanding], at now: Int64) {
        state.withLock { state in
            state.storage = storage
            let troubles = storage.compactMap { $0.trouble(at: now) }
            state.troubles["storage"] = troubles.isEmpty ? nil : troubles.joined(separator: "; ")
        }
    }

    /// Says what is wrong with a part of the service itself; nil says that it is well again.
    package func setTrouble(_ part: String, _ text: String?) {
        state.withLock { $0.troubles[part] = text }
    }

    /// Says that the store was found to be damaged: nothing is written to it any more.
    package func noteDamage(_ damage: StoreDamage) {
        state.withLock { state in
            guard state.damage == nil else { return }
            state.damage = damage
            state.troubles["store"] = "No results are taken: \(damage)"
        }
    }

    /// What is wrong with the store; nil while nothing is known to be.
    package var damage: StoreDamage? { state.withLock { $0.damage } }

    /// The store takes nothing now.
    var isStoreTroubled: Bool { state.withLock { $0.troubles["store"] != nil } }

    /// Says where a part of the service itself is reached.
    package func setEndpoints(_ name: String, _ addresses: [String]) {
        state.withLock { $0.endpoints[name] = addresses }
    }

    /// Makes the service's own heartbeat where its last one is `interval` old.
    func ownHeartbeat(name: String, every interval: Duration) -> Heartbeat? {
        let now = ContinuousClock.now
        let isDue = state.withLock { state in
            guard state.ownHeartbeat.map({ now - $0 >= interval }) ?? true else { return false }
            state.ownHeartbeat = now
            return true
        }
        guard isDue else { return nil }
        var heartbeat = Heartbeat(name: name, kind: "status")
        heartbeat.endpoints = endpoints
        return heartbeat
    }

    // MARK: Asking

    /// Where the parts of the service itself are reached.
    package var endpoints: [String: [String]] { state.withLock { $0.endpoints } }

    /// The processes by name.
    package func processes(at now: ContinuousClock.Instant = .now) -> [Process] {
        state.withLock { state in
            state.processes = state.processes.filter { now - $0.value.seen < StatusBoard.memory }
            return state.processes.values.map { entry in
                Process(heartbeat: entry.heartbeat, age: now - entry.seen, standstill: now - entry.moved)
            }
        }.sorted { ($0.heartbeat.name, $0.heartbeat.host) < ($1.heartbeat.name, $1.heartbeat.host) }
    }

    /// The watcher whose log has a stream; nil where none has told that.
    package func watcher(of stream: StreamID) -> ServedStreams.Entry? {
        state.withLock { state in
            state.processes.values.first { $0.heartbeat.serves(stream) }.map { ServedStreams.Entry($0.heartbeat) }
        }
    }

    /// Arrivals a second over the last minute, by name.
    package func rates(at now: ContinuousClock.Instant = .now) -> [String: Double] {
        let second = (now - started).components.seconds
        return state.withLock { state in
            var rates: [String: Double] = [:]
            for name in Array(state.rates.keys) { rates[name] = state.rates[name]?.perSecond(at: second) }
            return rates
        }
    }

    /// The sources as they were last looked at, with the articles of the last minute as they are now.
    package func sources(at now: ContinuousClock.Instant = .now) -> SourceList {
        let second = (now - started).components.seconds
        return state.withLock { state in
            var sources = state.sources
            for index in sources.shown.indices {
                sources.shown[index].perSecond =
                    state.sourceRates[sources.shown[index].source]?.perSecond(at: second) ?? 0
            }
            return sources
        }
    }

    /// When the last article arrived since the start.
    var lastArticle: ContinuousClock.Instant? { state.withLock { $0.lastArticle } }

    /// The databases, the store itself first, as they were last looked at.
    package var storage: [StorageStanding] { state.withLock { $0.storage } }

    /// What has arrived since the start, by name.
    package var arrivals: [String: Int64] { state.withLock { $0.counts } }

    /// Articles that have arrived since the start, by source; those of sources that are not counted apart under no name.
    package var sourceArrivals: [String: Int64] { state.withLock { $0.sourceCounts } }

    /// What the processes and the service itself say is wrong, and who is silent.
    package func troubles(at now: ContinuousClock.Instant = .now) -> [Trouble] {
        var troubles = state.withLock { state in
            state.troubles.sorted { $0.key < $1.key }.map { Trouble(name: "status", text: $0.value) }
        }
        for process in processes(at: now) {
            guard process.isAlive else { continue }
            troubles += process.heartbeat.troubles.map { Trouble(name: process.label, text: $0) }
        }
        return troubles + standstills(at: now)
    }

    /// The sentences of what waits and does not move, and of a store that fails; none where all is well.
    package func illnesses(at now: ContinuousClock.Instant = .now) -> [Trouble] {
        let store = state.withLock { $0.troubles["store"] }.map { [Trouble(name: "status", text: $0)] } ?? []
        return store + standstills(at: now)
    }

    private func standstills(at now: ContinuousClock.Instant) -> [Trouble] {
        let processes = processes(at: now)
        let lastArticle = state.withLock { $0.lastArticle }
        return processes.compactMap { process in
            let heartbeat = process.heartbeat
            let name = process.label
            if process.isAlive {
                guard process.standstill > StatusBoard.standstillLimit else { return nil }
                let waiting = max(Int64(clamping: heartbeat.lag), heartbeat.numbers["outbox"] ?? 0)
                return Trouble(
                    name: name,
                    text: "\(waiting) records wait for \(name), and it has not moved for "
                        + "\(process.standstill.components.seconds) s")
            }
            guard process.age > StatusBoard.standstillLimit else { return nil }
            // Another process of its kind may have taken over: shared work needs any of them.
            let isReplaced = processes.contains { $0.isAlive && $0.heartbeat.kind == heartbeat.kind }
            let hasWork = heartbeat.lag > 0 || lastArticle.map { $0 > now - process.age } ?? false
            guard hasWork, !isReplaced else { return nil }
            return Trouble(
                name: name,
                text: "\(name) has been silent for \(process.age.components.seconds) s while work waits for it")
        }
    }
}
