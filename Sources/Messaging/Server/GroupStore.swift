import Articles
import Linux
import SQLite

/// Work groups: who has claimed which record, what came back, what is dead; and the positions that consumers committed.
///
/// It stands in a database of its own with NORMAL durability: after a loss of power a lease may be given again, which a
/// worker's idempotent result makes harmless. Leases run on the boot clock; when the store opens, every open lease
/// becomes now + its length, because boot clocks of two starts cannot be compared.
final class GroupStore {
    /// How a group was made.
    struct Creation: Decodable {
        var topics: [String]?
        /// `"first"`, `"end"` or a sequence number to begin after.
        var from: JSONValue?
        var maxAttempts: Int?

        enum CodingKeys: String, CodingKey {
            case topics, from
            case maxAttempts = "max_attempts"
        }
    }

    /// The most groups, and the most consumers, that are remembered.
    static let limits = (groups: 1000, consumers: 10_000)

    private static let schemaVersion: Int64 = 1
    private let connection: Connection
    private(set) var groups: [String: WorkGroup] = [:]
    /// Positions that consumers committed, by name.
    private(set) var consumers: [String: UInt64] = [:]

    init(path: String) throws {
        connection = try Connection(path: path)
        try connection.configure(durability: .normal, cacheKiB: 1024)
        try connection.transaction {
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS work_group(
                    name TEXT PRIMARY KEY, topics TEXT NOT NULL, high INTEGER NOT NULL, max_attempts INTEGER NOT NULL,
                    is_paused INTEGER NOT NULL DEFAULT 0);
                CREATE TABLE IF NOT EXISTS work(
                    name TEXT NOT NULL, seq INTEGER NOT NULL, attempt INTEGER NOT NULL, owner TEXT, length_ms INTEGER
                    NOT NULL, PRIMARY KEY(name, seq)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS dead(
                    name TEXT NOT NULL, seq INTEGER NOT NULL, attempts INTEGER NOT NULL, reason TEXT NOT NULL,
                    PRIMARY KEY(name, seq)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS consumer(name TEXT PRIMARY KEY, seq INTEGER NOT NULL);
                CREATE TABLE IF NOT EXISTS seen(epoch INTEGER NOT NULL);
                """)
            let version = try connection.scalar("PRAGMA user_version") ?? 0
            guard version <= GroupStore.schemaVersion else { throw LogError.newerSchema(path: path, version: version) }
            try connection.execute("PRAGMA user_version=\(GroupStore.schemaVersion)")
        }
        try load()
    }

    /// Returns a group.
    ///
    /// - Throws: 404 where there is none.
    func group(_ name: String) throws(WireError) -> WorkGroup {
        if let known = groups[name] { return known }
        throw WireError(
            .notFound, "UNKNOWN_GROUP", "there is no group '\(name)'; the first CLAIM makes it with \"create\"")
    }

    /// Makes a group on a log that begins at `low` and ends at `head`.
    func makeGroup(_ name: String, _ creation: Creation, low: UInt64, head: UInt64) throws -> WorkGroup {
        guard groups.count < GroupStore.limits.groups else {
            throw WireError(.busy, "BUSY", "there are \(GroupStore.limits.groups) groups already")
        }
        let high = try GroupStore.start(creation.from, low: low, head: head, member: "create.from")
        let attempts = creation.maxAttempts ?? 5
        guard (1...1000).contains(attempts) else { throw WireError.badRequest("create.max_attempts is 1 to 1000") }
        let topics = creation.topics ?? []
        try TopicFilter.check(topics, "create.topics")
        let made = WorkGroup(name: name, topics: topics, high: high, maxAttempts: attempts)
        try connection.statement("INSERT INTO work_group(name, topics, high, max_attempts) VALUES (?, ?, ?, ?)")
            .bind(1, name).bind(2, made.topics.joined(separator: "\n")).bind(3, Int64(high)).bind(4, attempts).run()
        groups[name] = made
        return made
    }

    /// Reads where a group begins: `"end"` (also where nothing is said), `"first"`, or after a sequence number.
    static func start(_ from: JSONValue?, low: UInt64, head: UInt64, member: String) throws(WireError) -> UInt64 {
        switch from {
        case nil, .string("end"): return head
        case .string("first"): return low - 1
        case .integer(let seq) where seq >= 0 && UInt64(seq) <= head: return UInt64(seq)
        default: throw .badRequest("\(member) is \"end\", \"first\" or a sequence number up to \(head)")
        }
    }

    /// Runs `change` on a group and writes down what it changed, in one transaction; where that fails, nothing changed.
    func update<Result>(_ group: WorkGroup, _ change: (WorkGroup) throws -> Result) throws -> Result {
        do {
            let result = try change(group)
            try write(group)
            group.commit()
            return result
        } catch {
            group.rollBack()
            throw error
        }
    }

    /// Brings groups and consumers back to where a restored log still agrees with what they have seen.
    func follow(_ log: LogState) throws {
        let epoch = log.epochs.last?.epoch ?? 1
        let seen = try connection.scalar("SELECT max(epoch) FROM seen").map { UInt32(clamping: $0) } ?? epoch
        let next = log.epochs.first { $0.epoch > seen }
        let end = min(log.head, next.map { max($0.firstSeq, 1) - 1 } ?? log.head)
        for group in groups.values { try update(group) { $0.cut(after: end) } }
        for (consumer, seq) in consumers where seq > end { try commit(consumer: consumer, seq: end) }
        try connection.transaction {
            try connection.execute("DELETE FROM seen")
            try connection.statement("INSERT INTO seen(epoch) VALUES (?)").bind(1, Int64(epoch)).run()
        }
    }

    /// Removes a group with everything that is known of it.
    func delete(_ group: WorkGroup) throws {
        try connection.transaction {
            for table in ["work", "dead", "work_group"] {
                try connection.statement("DELETE FROM \(table) WHERE name=?").bind(1, group.name).run()
            }
        }
        groups[group.name] = nil
    }

    /// Notes the position that a consumer committed. Its last word counts: after a restored log it may be a lower one.
    func commit(consumer: String, seq: UInt64) throws {
        guard seq != consumers[consumer] else { return }
        guard consumers[consumer] != nil || consumers.count < GroupStore.limits.consumers else {
            throw WireError(.busy, "BUSY", "\(GroupStore.limits.consumers) consumers are known already")
        }
        try connection.statement("INSERT OR REPLACE INTO consumer(name, seq) VALUES (?, ?)").bind(1, consumer)
            .bind(2, Int64(seq)).run()
        consumers[consumer] = seq
    }

    private func write(_ group: WorkGroup) throws {
        let changes = group.changes
        guard !changes.isEmpty else { return }
        try connection.transaction {
            for seq in changes.items {
                if let item = group.items[seq] {
                    try connection.statement(
                        "INSERT OR REPLACE INTO work(name, seq, attempt, owner, length_ms) VALUES (?, ?, ?, ?, ?)"
                    ).bind(1, group.name).bind(2, Int64(seq)).bind(3, item.attempt).bind(4, item.owner)
                        .bind(5, item.lengthMilliseconds).run()
                } else {
                    try connection.statement("DELETE FROM work WHERE name=? AND seq=?").bind(1, group.name)
                        .bind(2, Int64(seq)).run()
                }
            }
            for seq in changes.dead {
                if let letter = group.dead[seq] {
                    try connection.statement(
                        "INSERT OR REPLACE INTO dead(name, seq, attempts, reason) VALUES (?, ?, ?, ?)"
                    ).bind(1, group.name).bind(2, Int64(seq)).bind(3, letter.attempts).bind(4, letter.reason).run()
                } else {
                    try connection.statement("DELETE FROM dead WHERE name=? AND seq=?").bind(1, group.name)
                        .bind(2, Int64(seq)).run()
                }
            }
            if changes.isProgress {
                try connection.statement("UPDATE work_group SET high=?, is_paused=? WHERE name=?")
                    .bind(1, Int64(group.high)).bind(2, group.isPaused ? 1 : 0).bind(3, group.name).run()
            }
        }
    }

    private func load() throws {
        try connection.statement("SELECT name, topics, high, max_attempts, is_paused FROM work_group").forEachRow {
            row in
            let topics = row.string(1).split(separator: "\n").map(String.init)
            groups[row.string(0)] = WorkGroup(
                name: row.string(0), topics: topics, high: UInt64(row.int64(2)), maxAttempts: row.int(3),
                isPaused: row.int64(4) != 0)
        }
        let now = Clocks.bootMilliseconds()
        try connection.statement("SELECT name, seq, attempt, owner, length_ms FROM work").forEachRow { row in
            groups[row.string(0)]?.restore(
                seq: UInt64(row.int64(1)), attempt: row.int(2), owner: row.isNull(3) ? nil : row.string(3),
                lengthMilliseconds: row.int64(4), now: now)
        }
        try connection.statement("SELECT name, seq, attempts, reason FROM dead").forEachRow { row in
            groups[row.string(0)]?.restore(
                dead: UInt64(row.int64(1)), WorkGroup.DeadLetter(attempts: row.int(2), reason: row.string(3)))
        }
        try connection.statement("SELECT name, seq FROM consumer").forEachRow {
            consumers[$0.string(0)] = UInt64($0.int64(1))
        }
    }
}
