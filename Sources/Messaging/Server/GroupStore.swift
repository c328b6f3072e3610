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

    /// What a consumer said last.
    struct Place: Equatable {
        var seq: UInt64
        /// When it said so, in milliseconds since 1970; 0 where that is not known.
        var seen: Int64
    }

    /// The version of the tables.
    static let stateVersion = StateVersion("the groups of a log", known: 2, in: .header)
    /// That a consumer is there is written down so often where its position stays.
    private static let seenSpacing: Int64 = 60_000
    private let connection: Connection
    private(set) var groups: [String: WorkGroup] = [:]
    /// What consumers committed, by name.
    private(set) var consumers: [String: Place] = [:]

    init(path: String) throws {
        connection = try Connection(path: path)
        // A CLAIM or DONE changes some rows in two or three places: a commit writes whole pages for them.
        try connection.configure(durability: .normal, cacheKiB: 1024, pageBytes: 4096)
        try connection.transaction {
            let version = try GroupStore.stateVersion.check(connection)
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS work_group(
                    name TEXT PRIMARY KEY, topics TEXT NOT NULL, high INTEGER NOT NULL, max_attempts INTEGER NOT NULL,
                    is_paused INTEGER NOT NULL DEFAULT 0, seen_ms INTEGER NOT NULL DEFAULT 0);
                CREATE TABLE IF NOT EXISTS work(
                    name TEXT NOT NULL, seq INTEGER NOT NULL, attempt INTEGER NOT NULL, owner TEXT, length_ms INTEGER
                    NOT NULL, PRIMARY KEY(name, seq)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS dead(
                    name TEXT NOT NULL, seq INTEGER NOT NULL, attempts INTEGER NOT NULL, reason TEXT NOT NULL,
                    PRIMARY KEY(name, seq)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS consumer(
                    name TEXT PRIMARY KEY, seq INTEGER NOT NULL, seen_ms INTEGER NOT NULL DEFAULT 0);
                CREATE TABLE IF NOT EXISTS seen(epoch INTEGER NOT NULL);
                """)
            if version == 1 {
                try GroupStore.stateVersion.upgrade(connection, from: 1) {
                    for table in ["consumer", "work_group"] {
                        try connection.execute("ALTER TABLE \(table) ADD COLUMN seen_ms INTEGER NOT NULL DEFAULT 0")
                    }
                }
            }
            try GroupStore.stateVersion.note(in: connection)
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

    /// Makes a group that begins after `high`.
    func makeGroup(_ name: String, _ creation: Creation, after high: UInt64) throws -> WorkGroup {
        guard groups.count < GroupStore.limits.groups else {
            throw WireError(.busy, "BUSY", "there are \(GroupStore.limits.groups) groups already")
        }
        let attempts = creation.maxAttempts ?? 5
        guard (1...1000).contains(attempts) else { throw WireError.badRequest("create.max_attempts is 1 to 1000") }
        let topics = creation.topics ?? []
        try TopicFilter.check(topics, "create.topics")
        let made = WorkGroup(name: name, topics: topics, high: high, maxAttempts: attempts)
        made.seen = Clocks.wallMilliseconds()
        try connection.statement(
            "INSERT INTO work_group(name, topics, high, max_attempts, seen_ms) VALUES (?, ?, ?, ?, ?)"
        ).bind(1, name).bind(2, made.topics.joined(separator: "\n")).bind(3, Int64(high)).bind(4, attempts)
            .bind(5, made.seen).run()
        groups[name] = made
        return made
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
        for (consumer, place) in consumers where place.seq > end {
            try commit(consumer: consumer, Place(seq: end, seen: place.seen))
        }
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
    func commit(consumer: String, _ place: Place) throws {
        let known = consumers[consumer]
        guard known != nil || consumers.count < GroupStore.limits.consumers else {
            throw WireError(.busy, "BUSY", "\(GroupStore.limits.consumers) consumers are known already")
        }
        if let known, known.seq == place.seq, place.seen - known.seen < GroupStore.seenSpacing { return }
        try connection.statement("INSERT OR REPLACE INTO consumer(name, seq, seen_ms) VALUES (?, ?, ?)")
            .bind(1, consumer).bind(2, Int64(clamping: place.seq)).bind(3, place.seen).run()
        consumers[consumer] = place
    }

    /// Forgets a consumer; returns whether it was known.
    func forget(consumer: String) throws -> Bool {
        guard consumers[consumer] != nil else { return false }
        try connection.statement("DELETE FROM consumer WHERE name=?").bind(1, consumer).run()
        consumers[consumer] = nil
        return true
    }

    private func write(_ group: WorkGroup) throws {
        let changes = group.changes
        guard !changes.isEmpty else { return }
        try connection.transaction {
            if !changes.items.isEmpty { try writeItems(group, changes) }
            if !changes.dead.isEmpty { try writeDead(group, changes) }
            if changes.isProgress {
                try connection.statement("UPDATE work_group SET high=?, is_paused=?, seen_ms=? WHERE name=?")
                    .bind(1, Int64(group.high)).bind(2, group.isPaused ? 1 : 0).bind(3, group.seen).bind(4, group.name)
                    .run()
            }
        }
    }

    private func writeItems(_ group: WorkGroup, _ changes: WorkGroup.Changes) throws {
        // Bindings stay from row to row: the group's name is bound once.
        let insert = try connection.statement(
            "INSERT OR REPLACE INTO work(name, seq, attempt, owner, length_ms) VALUES (?, ?, ?, ?, ?)")
        let delete = try connection.statement("DELETE FROM work WHERE name=? AND seq=?")
        try insert.bind(1, group.name)
        try delete.bind(1, group.name)
        // In their order, so that the rows of one page are met one after the other.
        for seq in changes.items.sorted() {
            if let item = group.items[seq] {
                try insert.bind(2, Int64(seq)).bind(3, item.attempt).bind(4, item.owner)
                    .bind(5, item.lengthMilliseconds).run()
            } else {
                try delete.bind(2, Int64(seq)).run()
            }
        }
    }

    private func writeDead(_ group: WorkGroup, _ changes: WorkGroup.Changes) throws {
        let insert = try connection.statement(
            "INSERT OR REPLACE INTO dead(name, seq, attempts, reason) VALUES (?, ?, ?, ?)")
        let delete = try connection.statement("DELETE FROM dead WHERE name=? AND seq=?")
        try insert.bind(1, group.name)
        try delete.bind(1, group.name)
        for seq in changes.dead.sorted() {
            if let letter = group.dead[seq] {
                try insert.bind(2, Int64(seq)).bind(3, letter.attempts).bind(4, letter.reason).run()
            } else {
                try delete.bind(2, Int64(seq)).run()
            }
        }
    }

    private func load() throws {
        try connection.statement("SELECT name, topics, high, max_attempts, is_paused, seen_ms FROM work_group")
            .forEachRow { row in
                let topics = row.string(1).split(separator: "\n").map(String.init)
                let group = WorkGroup(
                    name: row.string(0), topics: topics, high: UInt64(row.int64(2)), maxAttempts: row.int(3),
                    isPaused: row.int64(4) != 0)
                group.seen = row.int64(5)
                groups[group.name] = group
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
        try connection.statement("SELECT name, seq, seen_ms FROM consumer").forEachRow { row in
            consumers[row.string(0)] = Place(seq: UInt64(row.int64(1)), seen: row.int64(2))
        }
    }
}

extension GroupStore.Creation: PlainDecodable {
    init?(plain reader: inout PlainReader) {
        let isRead = reader.object { reader in
            if reader.isNamed("topics") { return reader.strings(into: &topics) }
            if reader.isNamed("max_attempts") { return reader.integer(into: &maxAttempts) }
            guard reader.isNamed("from") else { return false }
            var (word, seq) = (String?.none, Int64?.none)
            if reader.string(into: &word) {
                from = word.map { .string($0) }
            } else if reader.integer(into: &seq) {
                from = seq.map { .integer($0) }
            }
            return from != nil
        }
        guard isRead else { return nil }
    }
}
