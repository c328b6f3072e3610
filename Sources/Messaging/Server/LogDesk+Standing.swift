import Articles
import Linux

/// How far everybody is who reads the log: for retention, heartbeats, and whoever asks.
extension LogDesk {
    /// The names whose reading holds retention.
    private var holding: [String] { configuration.hold }

    /// The positions of consumers and, as their floor, of groups; of two with one name the one that is behind.
    var positions: [String: UInt64] {
        groups.consumers.mapValues(\.seq).merging(groups.groups.mapValues(\.floor)) { min($0, $1) }
    }

    /// What holds retention. Who was never here yet has read nothing.
    func hold(_ positions: [String: UInt64]) throws -> RetentionHold {
        guard !holding.isEmpty else { return .none }
        let low = try reader.low(head: head)
        let places = holding.map { ($0, positions[$0] ?? 0) }
        return RetentionHold(
            position: places.map(\.1).min() ?? .max, holders: low > head ? [] : places.filter { $0.1 < low }.map(\.0))
    }

    /// A consumer's standing.
    func standing(of name: String, _ place: GroupStore.Place, low: UInt64, now: Int64) throws -> ConsumerStanding {
        ConsumerStanding(
            name: name, after: place.seq, lag: max(head, place.seq) - place.seq,
            lagMilliseconds: try age(after: place.seq, low: low, now: now), seen: place.seen == 0 ? nil : place.seen,
            holds: holding.contains(name), lost: max(low, place.seq + 1) - place.seq - 1)
    }

    /// A group's standing.
    func standing(of group: WorkGroup, low: UInt64, now: Int64) throws -> GroupStanding {
        GroupStanding(
            name: group.name, floor: group.floor, high: group.high,
            lag: max(head, group.high) - group.high + UInt64(group.items.count),
            lagMilliseconds: try age(after: group.floor, low: low, now: now), inFlight: group.items.count,
            dead: group.dead.count, isPaused: group.isPaused, owners: group.owners.count,
            seen: group.seen == 0 ? nil : group.seen, holds: holding.contains(group.name))
    }

    /// How long the first record behind a place has been there, in milliseconds.
    private func age(after seq: UInt64, low: UInt64, now: Int64) throws -> Int64 {
        guard seq < head else { return 0 }
        let first = max(seq + 1, low)
        let time = try first == head ? headTime : reader.time(of: first)
        return time.map { max(0, now - $0) } ?? 0
    }

    /// How often that is worth looking at: a long list takes a while to put in order.
    var standingInterval: Duration { groups.consumers.count + groups.groups.count > 500 ? .seconds(10) : .seconds(1) }

    /// The log with those who read it.
    func standing() throws -> LogStanding {
        let low = try reader.low(head: head)
        let now = Clocks.wallMilliseconds()
        // Who holds retention without ever having been here is shown with the place that it has: before the first record.
        var places = groups.consumers
        for name in holding where places[name] == nil && groups.groups[name] == nil {
            places[name] = GroupStore.Place(seq: 0, seen: 0)
        }
        let consumers = places.map { (rank: rank($0.key, 0, $0.value.seq), place: $0) }.sorted { $0.rank < $1.rank }
            .map(\.place)
        let groups = groups.groups.values.map { (rank: rank($0.name, $0.dead.count, $0.floor), group: $0) }
            .sorted { $0.rank < $1.rank }.map(\.group)
        let space = reader.space
        return LogStanding(
            name: configuration.name, stream: reader.state.stream, low: low, head: head,
            bytes: try reader.usedBytes(), limitBytes: nil, freeBytes: space.map { Int64($0.available) },
            fileSystemBytes: space.map { Int64($0.total) }, oldest: try reader.time(of: low),
            retentionSeconds: configuration.retention?.components.seconds,
            consumers: try consumers.prefix(LogStanding.limit).map {
                try standing(of: $0.key, $0.value, low: low, now: now)
            },
            groups: try groups.prefix(LogStanding.limit).map { try standing(of: $0, low: low, now: now) },
            others: max(0, consumers.count - LogStanding.limit) + max(0, groups.count - LogStanding.limit))
    }

    /// Who stands first in a list that has an end.
    private func rank(_ name: String, _ dead: Int, _ seq: UInt64) -> (Int, UInt64, String) {
        (holding.contains(name) ? 0 : dead > 0 ? 1 : 2, seq, name)
    }
}
