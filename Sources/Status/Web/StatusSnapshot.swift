import Articles
import Linux
import Messaging

/// Everything that the page shows, at one moment.
struct StatusSnapshot: Sendable {
    /// A part of the flow: files, articles, and each kind of worker.
    struct Stage: Sendable {
        var name: String
        var count: Int64
        /// Over the last minute.
        var perSecond: Double
        /// What waits for the live processes of this kind.
        var waiting: Int64
        /// Arrivals in each of the last sixty minutes, the last one being this minute so far.
        var minutes: [Int64]
    }

    /// An article as the page shows it.
    struct Card: Sendable {
        var row: Int64
        var id: String
        var title: String
        var source: String
        var language: String
        var published: Timestamp?
        var time: Timestamp
        var verdict: String?
        var first: String?
        var similarity: Double?
        var summary: [String]
        var failures: [String]
    }

    /// The file that waits longest of all.
    struct OldestWaiting: Sendable {
        var time: Timestamp
        var directory: String
        /// The watcher's name, with its host where that is another one.
        var watcher: String
    }

    /// A quarantined file.
    struct Quarantined: Sendable {
        var time: Timestamp
        /// Of the log that tells of it.
        var stream: StreamID?
        var directory: String
        var path: String
        var source: String
        var code: String
        var message: String
        /// It lies there whole, and not only parts of it.
        var isWhole: Bool
        var record: [UInt8]
    }

    static let historyMinutes = 60
    static let articleCount = 20
    static let quarantineCount = 20
    static let failureCount = 20
    /// The most drop directories that are shown one by one.
    static let directoryCount = 20

    var time: Timestamp
    var stages: [Stage]
    var totals: StoreReader.Totals
    var cursors: [Cursor]
    var processes: [StatusBoard.Process]
    var directories: [DropDirectoryRow]
    /// The sum of the directories that are not shown one by one.
    var otherDirectories: DirectoryList.Sum
    /// Since when some watcher takes nothing at all, because the operator wants it so; nil where that is not so.
    var pausedSince: Timestamp?
    /// Articles that wait for the end of their embargo, and when the next of them is due.
    var held: Int64
    var nextRelease: Timestamp?
    /// Who reads the logs.
    var readers: [ReaderRow]
    var troubles: [StatusBoard.Trouble]
    var isHealthy: Bool
    var cards: [Card]
    var quarantined: [Quarantined]
    var quarantineCount: Int64
    /// The last failures, and how many there are in all.
    var failures: [FailureRow]
    var failureCounts: (all: Int64, dead: Int64)
    /// Nil where no file waits.
    var oldestWaiting: OldestWaiting?
    var sources: SourceList
    var storage: [StorageStanding]

    /// Gathers it.
    init(_ reader: StoreReader, _ board: StatusBoard) throws {
        let now = Clocks.wallMilliseconds()
        time = Timestamp(milliseconds: now)
        totals = try reader.totals()
        cursors = try reader.cursors()
        processes = board.processes()
        (directories, otherDirectories) = DropDirectoryRow.rows(
            of: processes, limit: StatusSnapshot.directoryCount)
        pausedSince = processes.filter(\.isAlive).compactMap { $0.heartbeat.directories?.pausedSince }.min()
            .map { Timestamp(milliseconds: $0) }
        let watchers = processes.filter { $0.isAlive && $0.heartbeat.kind == "watch" }.map(\.heartbeat.numbers)
        held = watchers.reduce(0) { $0 + ($1["held"] ?? 0) }
        nextRelease = watchers.compactMap { $0["next_release_ms"] }.min().map { Timestamp(milliseconds: $0) }
        readers = ReaderRow.rows(of: processes)
        troubles = board.troubles()
        isHealthy = board.illnesses().isEmpty
        cards = try reader.articles(limit: StatusSnapshot.articleCount).map(Card.init)
        quarantined = try reader.quarantine(limit: StatusSnapshot.quarantineCount).map(Quarantined.init)
        quarantineCount = try reader.quarantineCount()
        failures = try reader.failures(limit: StatusSnapshot.failureCount).failures
        failureCounts = try reader.failureCounts()
        oldestWaiting = OldestWaiting(of: processes)
        sources = board.sources()
        storage = board.storage
        let rates = board.rates()
        let history = try reader.history(
            from: now / 60_000 - Int64(StatusSnapshot.historyMinutes) + 1, minutes: StatusSnapshot.historyMinutes)
        let none = [Int64](repeating: 0, count: StatusSnapshot.historyMinutes)
        func stage(_ name: String, _ count: Int64, _ waiting: Int64) -> Stage {
            Stage(
                name: name, count: count, perSecond: rates[name] ?? 0, waiting: waiting,
                minutes: history[name] ?? none)
        }
        let live = processes.filter(\.isAlive)
        stages = [
            stage("files", totals.files.values.reduce(0, +), 0), stage("articles", totals.articles, 0),
        ]
        // The order of the flow, then whatever else reports.
        let usual = ["deduplicate", "index", "summarize"]
        let workers = live.map(\.heartbeat.kind).filter { !["watch", "status"].contains($0) }
        let others = Set(totals.results.keys).union(workers).subtracting(usual).sorted()
        for kind in usual + others {
            let results = totals.results[kind]
            let waiting = live.filter { $0.heartbeat.kind == kind }
                .reduce(Int64(0)) { $0 + Int64(clamping: $1.heartbeat.lag) }
            stages.append(stage(kind, (results?.ok ?? 0) + (results?.failed ?? 0) + (results?.skipped ?? 0), waiting))
        }
    }

    /// The JSON of `/api/v1/status`.
    var json: [UInt8] {
        var writer = JSONWriter(capacity: 16 << 10)
        writer.beginObject()
        writer.field("version", Version.text)
        writer.field("time", time.description)
        writer.field("healthy", isHealthy)
        writer.troubles(troubles)
        writer.array("stages", stages) { writer, stage in
            writer.beginObject()
            writer.field("name", stage.name)
            writer.field("count", stage.count)
            writer.field("per_second", (stage.perSecond * 100).rounded() / 100)
            writer.field("waiting", stage.waiting)
            writer.array("minutes", stage.minutes) { $0.integer($1) }
            writer.endObject()
        }
        writer.summary(totals, cursors)
        writer.field("paused_since", pausedSince?.description)
        writer.object("held") { writer in
            writer.field("count", held)
            writer.field("next_release", nextRelease?.description)
        }
        writer.array("directories", directories) { $1.write(to: &$0) }
        writer.key("other_directories")
        otherDirectories.write(to: &writer)
        writer.array("readers", readers) { $1.write(to: &$0) }
        // Each directory stands above.
        writer.processes(processes, hasDirectories: false)
        writer.object("quarantine") { writer in
            writer.field("count", quarantineCount)
            writer.array("files", quarantined) { $0.raw($1.json) }
        }
        writer.object("failures") { writer in
            writer.field("count", failureCounts.all)
            writer.field("dead", failureCounts.dead)
            writer.array("items", failures) { $1.write(to: &$0) }
        }
        if let oldestWaiting {
            writer.key("oldest_waiting")
            oldestWaiting.write(to: &writer)
        }
        writer.array("sources", sources.shown) { $1.write(to: &$0) }
        writer.field("other_sources", sources.others)
        writer.field("quiet_sources", sources.quiet)
        writer.array("storage", storage) { $1.write(to: &$0) }
        writer.array("latest", cards) { $1.write(to: &$0) }
        writer.endObject()
        return writer.bytes
    }
}

extension StatusSnapshot.Card {
    /// The longest sentence that the page shows, in characters.
    private static let longestSentence = 400

    init(_ article: StoreReader.ArticleRow) {
        row = article.row
        id = article.id
        title = article.title ?? ""
        source = article.source
        language = article.language
        published = article.published
        time = Timestamp(milliseconds: article.position.timeMilliseconds)
        let deduplicate = article.outcome(of: "deduplicate")
        verdict = deduplicate?["verdict"]?.stringValue.map { String($0.prefix(40)) }
        first = deduplicate?["first"]?.stringValue.map { String($0.prefix(40)) }
        similarity = deduplicate?["similarity"]?.doubleValue
        let summarize = article.outcome(of: "summarize")
        summary = (summarize?["summary"]?.arrayValue ?? []).prefix(3).compactMap(\.stringValue)
            .map { String($0.prefix(Self.longestSentence)) }
        failures = article.results.filter { $0.status == "failed" }.map { result in
            "\(result.kind): \((result.data["reason"]?.stringValue ?? "failed").prefix(200))"
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("row", row)
        writer.field("id", id)
        writer.field("title", title)
        writer.field("source", source)
        writer.field("language", language)
        writer.field("published", published?.description)
        writer.field("time", time.description)
        writer.field("verdict", verdict)
        writer.field("first", first)
        writer.field("similarity", similarity)
        writer.field("summary", summary)
        writer.field("failures", failures)
        writer.endObject()
    }
}

extension StatusSnapshot.OldestWaiting {
    /// Finds it in what live watchers tell of their directories.
    init?(of processes: [StatusBoard.Process]) {
        let waiting = processes.filter(\.isAlive).flatMap { process in
            (process.heartbeat.directories?.listed ?? []).compactMap { directory in
                directory.oldestWaiting.map { (time: $0, directory: directory.path, watcher: process.label) }
            }
        }
        guard let oldest = waiting.min(by: { $0.time < $1.time }) else { return nil }
        time = Timestamp(milliseconds: oldest.time)
        (directory, watcher) = (oldest.directory, oldest.watcher)
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("time", time.description)
        writer.field("directory", directory)
        writer.field("watcher", watcher)
        writer.endObject()
    }
}

extension StatusSnapshot.Quarantined {
    init(timeMilliseconds: Int64, stream: StreamID?, record: [UInt8]) {
        self.stream = stream
        let file = try? JSONValue(json: record)
        func text(_ name: String) -> String { file?[name]?.stringValue ?? "" }
        time = Timestamp(milliseconds: timeMilliseconds)
        directory = text("directory")
        path = text("path")
        source = text("source")
        code = text("code")
        message = text("message")
        isWhole = text("outcome") == FileOutcome.quarantined.rawValue
        self.record = record
    }

    init(_ row: StoreReader.QuarantineRow) {
        self.init(timeMilliseconds: row.place.time, stream: row.stream, record: row.record)
    }

    /// The `file` record with the time of its commit and its stream in front.
    var json: [UInt8] {
        let stream = stream.map { "\"stream\":\"\($0)\"," } ?? ""
        return Array("{\"time\":\"\(time)\",\(stream)".utf8) + record.drop { $0 != UInt8(ascii: "{") }.dropFirst()
    }
}
