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
                    name TEXT PRIMARY KEY, topics TEXT NOT NULL, high INTEGER NOT NULL, max_attempts INTEGER NOT NULL);
                CREATE TABLE IF NOT EXISTS work(
                    name TEXT NOT NULL, seq INTEGER NOT NULL, attempt INTEGER NOT NULL, owner TEXT, length_ms INTEGER
                    NOT NULL, PRIMARY KEY(name, seq)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS dead(
                    name TEXT NOT NULL, seq INTEGER NOT NULL, attempts INTEGER NOT NULL, reason TEXT NOT NULL,
                    PRIMARY KEY(name, seq)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS consumer(name TEXT PRIMARY KEY, seq INTEGER NOT NULL);
                """)
        }
        try load()
    }

    /// Returns a group; makes it where `creation` says how and there is none.
    ///
    /// - Throws: 404 where there is none and nothing says how to make it.
    func group(_ name: String, creation: Creation?, head: UInt64) throws -> WorkGroup {
        if let known = groups[name] { return known }
        guard let creation else {
            throw WireError(
                .notFound, "UNKNOWN_GROUP", "there is no group '\(name)'; the first CLAIM makes it with \"create\"")
        }
        let high: UInt64
        switch creation.from {
        case nil, .string("end"): high = head
        case .string("first"): high = 0
        case .integer(let seq) where seq >= 0 && UInt64(seq) <= head: high = UInt64(seq)
        default: throw WireError.badRequest("create.from is \"end\", \"first\" or a sequence number up to \(head)")
        }
        let attempts = creation.maxAttempts ?? 5
        guard (1...1000).contains(attempts) else { throw WireError.badRequest("create.max_attempts is 1 to 1000") }
        let made = WorkGroup(name: name, topics: creation.topics ?? [], high: high, maxAttempts: attempts)
        try connection.statement("INSERT INTO work_group(name, topics, high, max_attempts) VALUES (?, ?, ?, ?)")
            .bind(1, name).bind(2, made.topics.joined(separator: "\n")).bind(3, Int64(high)).bind(4, attempts).run()
        groups[name] = made
        return made
    }

    /// Runs `change` on a group and writes down what it changed, in one transaction.
    func update<Result>(_ group: WorkGroup, _ change: (WorkGroup) throws -> Result) throws -> Result {
        let result = try change(group)
        let (work, dead) = group.takeChanges()
        guard !work.isEmpty || !dead.isEmpty || group.highChanged else { return result }
        try connection.transaction {
            for seq in work {
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
            for seq in dead {
                guard let letter = group.dead[seq] else { continue }
                try connection.statement("INSERT OR REPLACE INTO dead(name, seq, attempts, reason) VALUES (?, ?, ?, ?)")
                    .bind(1, group.name).bind(2, Int64(seq)).bind(3, letter.attempts).bind(4, letter.reason).run()
            }
            if group.highChanged {
                try connection.statement("UPDATE work_group SET high=? WHERE name=?").bind(1, Int64(group.high))
                    .bind(2, group.name).run()
            }
        }
        group.highChanged = false
        return result
    }

    /// Notes the position that a consumer committed; it never moves back.
    func commit(consumer: String, seq: UInt64) throws {
        guard seq > consumers[consumer] ?? 0 || consumers[consumer] == nil else { return }
        guard consumers[consumer] != nil || consumers.count < 10_000 else {
            throw WireError(.busy, "BUSY", "10,000 consumers are known already")
        }
        consumers[consumer] = seq
        try connection.statement("INSERT OR REPLACE INTO consumer(name, seq) VALUES (?, ?)").bind(1, consumer)
            .bind(2, Int64(seq)).run()
    }

    private func load() throws {
        try connection.statement("SELECT name, topics, high, max_attempts FROM work_group").forEachRow { row in
            let topics = row.string(1).split(separator: "\n").map(String.init)
            groups[row.string(0)] = WorkGroup(
                name: row.string(0), topics: topics, high: UInt64(row.int64(2)), maxAttempts: row.int(3))
        }
        let now = Clocks.bootMilliseconds()
        try connection.statement("SELECT name, seq, attempt, owner, length_ms FROM work").forEachRow { row in
            groups[row.string(0)]?.restore(
                seq: UInt64(row.int64(1)), attempt: row.int(2), owner: row.isNull(3) ? nil : row.string(3),
                lengthMilliseconds: row.int64(4), now: now)
        }
        try connection.statement("SELECT name, seq, attempts, reason FROM dead").forEachRow { row in
            groups[row.string(0)]?.dead[UInt64(row.int64(1))] = WorkGroup.DeadLetter(
                attempts: row.int(2), reason: row.string(3))
        }
        try connection.statement("SELECT name, seq FROM consumer").forEachRow {
            consumers[$0.string(0)] = UInt64($0.int64(1))
        }
    }
}
