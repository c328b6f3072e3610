import Articles
import FoundationEssentials
import Glibc
import Linux
import Messaging
import SQLite

/// Makes a new store of what can be read of a damaged one. The old files are kept beside it.
///
/// Nobody may have the store open. What the old one cannot give comes again by itself: the watchers' logs are followed from
/// their beginning, and workers see that the store is another one and report again what they have kept. The results' log
/// is a new stream, so that whoever follows it is told, and is not fed from a place that means something else.
package struct StoreRebuild {
    /// What was found.
    package struct Outcome: Sendable, Equatable {
        package var articles = 0
        package var files = 0
        package var results = 0
        /// Tables of which something could not be read.
        package var damagedTables: [String] = []
        /// Where the old store is.
        package var keptAs = ""
    }

    /// Why nothing is done.
    package struct Refused: Error, CustomStringConvertible { package let description: String }

    private let path: String
    private let old: Connection
    private let store: ResultStore
    private var outcome = Outcome()
    private static let suffix = ".rebuilding"
    /// What belongs to a database.
    private static let companions = ["", "-wal", "-shm"]

    /// Rebuilds the store at `path`.
    ///
    /// - Parameter progress: called now and then with what was found so far.
    /// - Throws: ``Refused`` where the store is whole or there is no room, and what SQLite throws of the new one.
    package static func run(path: String, progress: (Outcome) -> Void = { _ in }) throws -> Outcome {
        guard access(path, F_OK) == 0 else { throw Refused(description: "there is no store at '\(path)'") }
        if try isWhole(path) { throw Refused(description: "the store '\(path)' is whole: nothing is done") }
        let directory = try Directory(path: folder(of: path))
        let space = try FileSystemSpace(path: folder(of: path))
        let bytes = companions.reduce(0) { $0 + size(path + $1) }
        guard space.available > bytes + bytes / 4 else {
            throw Refused(
                description: "the store has \(bytes) bytes, and \(space.available) are free where it lies: a new one "
                    + "beside it has no room")
        }
        // What a rebuild that was broken off has left.
        for companion in companions { unlink(path + suffix + companion) }
        var outcome = try make(path, progress)
        outcome.keptAs = try exchange(path, directory)
        return outcome
    }

    /// Makes the new store beside the old one; both are closed when it returns.
    private static func make(_ path: String, _ progress: (Outcome) -> Void) throws -> Outcome {
        var rebuild = try StoreRebuild(path: path)
        try rebuild.salvage(progress)
        try rebuild.store.noteOpen(false)
        guard try rebuild.store.connection.emptyLog() else {
            throw Refused(description: "somebody reads the new store: nothing is done")
        }
        return rebuild.outcome
    }

    private init(path: String) throws {
        self.path = path
        old = try Connection(path: path, mode: .readOnly)
        store = try ResultStore(path: path + StoreRebuild.suffix)
        store.isRebuilding = true
    }

    private static func isWhole(_ path: String) throws -> Bool {
        do {
            let connection = try Connection(path: path, mode: .readOnly)
            return try ResultStore.problems(of: connection, check: "integrity_check").isEmpty
        } catch let error as SQLiteError where error.isCorrupt { return false }
    }

    /// Puts the new store in the place of the old one; returns where that is now.
    private static func exchange(_ path: String, _ directory: Directory) throws -> String {
        let time = Timestamp(milliseconds: Clocks.wallMilliseconds() / 1000 * 1000).description
        let kept = path + ".damaged-" + time.filter { $0 != ":" }
        var owner = stat()
        guard stat(path, &owner) == 0 else { throw SystemError(operation: "stat '\(path)'") }
        // What reads the results has positions in the old stream: they go with it.
        for name in companions + companions.map({ "-groups" + $0 }) where access(path + name, F_OK) == 0 {
            try SystemError.check("rename '\(path)\(name)'") { rename(path + name, kept + name) }
        }
        let made = path + suffix
        _ = chown(made, owner.st_uid, owner.st_gid)
        _ = chmod(made, owner.st_mode & 0o777)
        try SystemError.check("rename '\(made)'") { rename(made, path) }
        try directory.sync()
        return kept
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    private static func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}

// MARK: Salvage

extension StoreRebuild {
    private mutating func salvage(_ progress: (Outcome) -> Void) throws {
        let streams = names(of: "stream")
        // Before the articles, so that what is withdrawn or erased never is current.
        try copyWhole("killed", ["source", "uri"])
        try records("kill", streams, progress) { try $0.storeKill($1.position, $1.bytes) }
        try articles(streams, progress)
        outcome.files = try records("file", streams, progress) { try $0.storeFile($1.position, $1.bytes) }
        try results(streams, progress)
        try copyHistory()
        try noteCursors(streams)
    }

    /// The numbers and names of a table that has little else.
    private func names(of table: String) -> [Int64: String] {
        var names: [Int64: String] = [:]
        for order in ["ASC", "DESC"] {
            guard let query = try? old.prepare("SELECT id, name FROM \(table) ORDER BY id \(order)") else { continue }
            while (try? query.step()) == true { names[query.int64(0)] = query.string(1) }
        }
        return names
    }

    /// A row of a table of records.
    private struct Record {
        var position: Position
        var bytes: [UInt8]
        /// Of an article's row: what stands beside a record that was erased.
        var erased: ErasedRow
    }

    private mutating func articles(_ streams: [Int64: String], _ progress: (Outcome) -> Void) throws {
        outcome.articles = try records("article", streams, progress, columns: "standing, path, id, source, uri") {
            store, record in
            if RecordType.of(record.bytes) == .gone {
                try store.storeErased(record.position, record.bytes, record.erased)
            } else {
                try store.storeArticle(record.position, record.bytes)
            }
        }
    }

    /// Takes in what can be read of a table of records; returns how many.
    @discardableResult
    private mutating func records(
        _ table: String, _ streams: [Int64: String], _ progress: (Outcome) -> Void,
        columns: String = "0, NULL, NULL, NULL, NULL",
        _ take: @escaping (ResultStore, Record) throws -> Void
    ) throws -> Int {
        var damaged = DamagedTable(
            old,
            "SELECT row, stream, epoch, seq, time_ms, record, \(columns) FROM \(table) WHERE row>=? ORDER BY row")
        let batch = Batch(store)
        var count = 0
        try damaged.forEachRow { row in
            guard let stream = streams[row.int64(1)].flatMap({ StreamID($0) }) else { return }
            let record = Record(
                position: Position(
                    stream: stream, epoch: UInt32(clamping: row.int64(2)), seq: UInt64(clamping: row.int64(3)),
                    timeMilliseconds: row.int64(4)),
                bytes: row.bytes(5),
                erased: ErasedRow(
                    id: row.bytes(8), source: row.string(9), uri: row.isNull(10) ? nil : row.string(10),
                    path: row.isNull(7) ? nil : row.string(7),
                    standing: ArticleStanding(rawValue: row.int(6)) ?? .erased))
            try batch.add(bytes: record.bytes.count) { store in
                do {
                    try take(store, record)
                    count += 1
                } catch is DecodingError {}
            }
            if count % 10_000 == 0 { progress(outcome) }
        }
        try batch.end()
        note(table, damaged)
        return count
    }

    /// Results stand in their table, and the last of them on their log, too: what the one has lost the other may have.
    private mutating func results(_ streams: [Int64: String], _ progress: (Outcome) -> Void) throws {
        let batch = Batch(store)
        var count = 0
        func take(_ bytes: [UInt8]) throws {
            guard let kind = try? JSONDecoder().decode(Kind.self, from: Data(bytes)).kind,
                let result = try? ReportedResult(bytes, kind: kind)
            else { return }
            try batch.add(bytes: bytes.count) { store in
                if try store.takes(kind: kind), try store.store(result) == .stored { count += 1 }
            }
        }
        for (stream, epoch) in try epochs(streams) {
            var damaged = DamagedTable(
                old,
                """
                SELECT seq, record FROM result WHERE stream=\(stream) AND epoch=\(epoch) AND seq>=? ORDER BY seq
                """)
            try damaged.forEachRow { try take($0.bytes(1)) }
            note("result", damaged)
            outcome.results = count
            progress(outcome)
        }
        var log = DamagedTable(old, "SELECT seq, rec FROM log WHERE seq>=? ORDER BY seq")
        try log.forEachRow { try take($0.bytes(1)) }
        try batch.end()
        note("log", log)
        outcome.results = count
    }

    private struct Kind: Decodable { var kind: String }

    /// The streams and epochs of which there may be results.
    private func epochs(_ streams: [Int64: String]) throws -> [(stream: Int64, epoch: Int64)] {
        var epochs: [Int64: Int64] = [:]
        try store.connection.statement(
            "SELECT name, max(epoch) FROM article JOIN stream ON stream.id=stream GROUP BY stream"
        ).forEachRow { row in
            for (number, name) in streams where name == row.string(0) { epochs[number] = row.int64(1) }
        }
        // One more than is known: the article that began it may be among what cannot be read.
        return streams.keys.sorted().flatMap { number in
            (1...(epochs[number] ?? 1) + 1).map { (number, $0) }
        }
    }

    /// Copies the history that does not come of articles that are still there.
    private mutating func copyHistory() throws {
        try store.connection.transaction {
            let oldest = try store.connection.scalar("SELECT min(day) FROM source_day") ?? .max
            let sources = names(of: "source")
            try readWhole("source_day", "source, day, count") { row in
                guard let name = sources[row.int64(0)], row.int64(1) < oldest else { return }
                try store.connection.statement(
                    """
                    INSERT OR IGNORE INTO source(name, first_ms, last_ms) VALUES (?1, ?2*86400000, ?2*86400000)
                    """
                ).bind(1, name).bind(2, row.int64(1)).run()
                try store.connection.statement(
                    """
                    INSERT OR IGNORE INTO source_day(source, day, count)
                    VALUES ((SELECT id FROM source WHERE name=?), ?, ?)
                    """
                ).bind(1, name).bind(2, row.int64(1)).bind(3, row.int64(2)).run()
            }
            try readWhole("minute", "minute, name, count") { row in
                try store.connection.statement("INSERT OR IGNORE INTO minute(minute, name, count) VALUES (?, ?, ?)")
                    .bind(1, row.int64(0)).bind(2, row.string(1)).bind(3, row.int64(2)).run()
            }
        }
    }

    private func copyWhole(_ table: String, _ columns: [String]) throws {
        try store.connection.transaction {
            try readWhole(table, columns.joined(separator: ", ")) { row in
                let places = columns.map { _ in "?" }.joined(separator: ", ")
                let insert = try store.connection.statement(
                    "INSERT OR IGNORE INTO \(table)(\(columns.joined(separator: ", "))) VALUES (\(places))")
                for index in columns.indices { try insert.bind(index + 1, row.string(index)) }
                try insert.run()
            }
        }
    }

    /// Reads a table from both of its ends up to what is damaged. Rows may come twice.
    private func readWhole(_ table: String, _ columns: String, _ body: (Statement) throws -> Void) throws {
        let key = columns.split(separator: ",").prefix(2)
        for order in ["ASC", "DESC"] {
            let sort = key.map { "\($0) \(order)" }.joined(separator: ", ")
            guard let query = try? old.prepare("SELECT \(columns) FROM \(table) ORDER BY \(sort)") else { continue }
            while (try? query.step()) == true { try body(query) }
        }
    }

    /// Notes up to where the watchers' logs were followed. They are followed anew from their beginning.
    private func noteCursors(_ streams: [Int64: String]) throws {
        try store.connection.transaction {
            try readWhole("cursor", "stream, epoch, seq") { row in
                guard let stream = streams[row.int64(0)].flatMap({ StreamID($0) }) else { return }
                try store.connection.statement(
                    "INSERT OR REPLACE INTO followed_before(stream, epoch, seq) VALUES (?, ?, ?)"
                ).bind(1, store.number(of: stream)).bind(2, row.int64(1)).bind(3, row.int64(2)).run()
            }
        }
    }

    private mutating func note(_ table: String, _ damaged: DamagedTable) {
        if damaged.hasGaps, !outcome.damagedTables.contains(table) { outcome.damagedTables.append(table) }
    }

    /// Writes in transactions of many rows.
    private final class Batch {
        private let store: ResultStore
        private var steps: [(ResultStore) throws -> Void] = []
        private var bytes = 0
        private static let limits = (steps: 1000, bytes: 16 << 20)

        init(_ store: ResultStore) { self.store = store }

        func add(bytes: Int, _ step: @escaping (ResultStore) throws -> Void) throws {
            steps.append(step)
            self.bytes += bytes
            if steps.count == Batch.limits.steps || self.bytes > Batch.limits.bytes { try end() }
        }

        func end() throws {
            guard !steps.isEmpty else { return }
            _ = try store.transaction { for step in steps { try step(store) } }
            _ = (store.log.takeAppended(), store.log.takeReplaced())
            steps.removeAll(keepingCapacity: true)
            bytes = 0
        }
    }
}
