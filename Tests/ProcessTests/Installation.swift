import Articles
import FoundationEssentials
import Indexing
import Ingestion
import Linux
import Messaging
import SQLite
import Synchronization
import TestSupport
import ZeroMQ

/// A Dropwire of a test's own: configuration, drop directory, state and sockets in one scratch directory.
final class Installation: Sendable {
    /// The scratch directory: `drop`, `state`, `run` and `dropwire.toml` stand in it.
    let scratch: ScratchDirectory
    /// The drop directory; its source is `desk`, its language `en`.
    var dropPath: String { scratch.path("drop") }
    var configurationPath: String { scratch.path("dropwire.toml") }
    let context: Context
    private let count = Atomic<Int>(0)

    /// The processes of a whole installation, in the order of their start.
    static let roles = ["status", "watch", "deduplicate", "index", "summarize"]

    /// Makes an installation.
    ///
    /// - Parameters:
    ///   - drop: more keys of the drop directory.
    ///   - quiet: how long a file must be quiet after it was closed.
    ///   - settle: how long a file that no event told of must be unchanged.
    init(drop: [String] = [], quiet: String = "50ms", settle: String = "50ms") throws {
        scratch = try ScratchDirectory()
        context = try Context()
        for name in ["drop", "state", "run"] { try scratch.makeDirectory(name) }
        try configure(drop: drop, quiet: quiet, settle: settle)
    }

    private func configure(drop: [String], quiet: String, settle: String) throws {
        let run = scratch.path("run")
        func stream(_ section: String) -> String {
            """
            [\(section).stream]
            feed = ["ipc://\(run)/\(section)-feed.sock", "tcp://127.0.0.1:*"]
            log = ["ipc://\(run)/\(section)-log.sock", "tcp://127.0.0.1:*"]
            """
        }
        try scratch.write(
            """
            state_directory = "\(scratch.path("state"))"
            runtime_directory = "\(run)"
            \(stream("watch"))
            [[watch.drop]]
            path = "\(dropPath)"
            source = "desk"
            language = "en"
            poll_interval = "50ms"
            quiet_time = "\(quiet)"
            settle_time = "\(settle)"
            \(drop.joined(separator: "\n"))
            \(stream("deduplicate"))
            \(stream("index"))
            [status]
            http = "127.0.0.1:0"
            \(stream("status"))

            """, to: "dropwire.toml")
    }

    // MARK: Processes

    /// Starts a role; `waitUntilReady()` tells when it serves.
    func start(
        _ role: String, configuration: String? = nil, launcher: [String] = []
    ) throws -> TestedProcess {
        let number = count.add(1, ordering: .relaxed).newValue
        var arguments = [role, "--config", configuration ?? configurationPath, "--supervised"]
        if role == "status" { arguments.insert("--serve", at: 1) }
        return try TestedProcess(
            arguments, readiness: ReadinessSocket(path: scratch.path("run/ready-\(number)")), launcher: launcher)
    }

    /// Starts a role and waits until it serves.
    func startReady(_ role: String, launcher: [String] = []) throws -> TestedProcess {
        let process = try start(role, launcher: launcher)
        try process.waitUntilReady()
        return process
    }

    /// Runs a tool to its end.
    func run(_ arguments: [String]) throws -> TestedProcess {
        try BuiltProgram.run([arguments[0], "--config", configurationPath] + arguments.dropFirst())
    }

    // MARK: Files

    /// Drops a file as a careful producer does.
    func drop(_ text: String, as name: String) throws { try drop(Array(text.utf8), as: name) }

    /// Drops a file as a careful producer does.
    func drop(_ bytes: [UInt8], as name: String) throws { try scratch.dropByRename(bytes, to: "drop/\(name)") }

    /// What lies in the drop directory, without the folders of the watcher.
    var waiting: [String] { scratch.list("drop").filter { !$0.hasPrefix(".") } }

    /// The bytes of the files in the archive, by name.
    func archive() -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for day in scratch.list("drop/.done") {
            for name in scratch.list("drop/.done/\(day)") { files[name] = scratch.read("drop/.done/\(day)/\(name)") }
        }
        return files
    }

    /// What stands beside a quarantined file.
    func reason(of name: String) throws -> QuarantineReason {
        guard let bytes = scratch.read("drop/.quarantine/\(name).reason.json") else {
            throw Trouble("'\(name)' has no reason in the quarantine")
        }
        return try JSONDecoder().decode(QuarantineReason.self, from: Data(bytes))
    }

    // MARK: What came of it

    /// The whole stream of a section (`watch`, `deduplicate`, `status`), asked of its log.
    func records(of section: String = "watch") throws -> [LogEntry] {
        try Installation.records(
            CommandClient(context: context, endpoints: ["ipc://\(scratch.path("run"))/\(section)-log.sock"]))
    }

    /// The whole stream of a log.
    static func records(_ client: CommandClient) throws -> [LogEntry] {
        var entries: [LogEntry] = []
        var cursor: Cursor?
        while true {
            let json = LogRequests.fetch(after: cursor, maximum: 500, waitMilliseconds: 0)
            let reply = try FetchReply(client.request("FETCH", json: json, deadline: .seconds(20)))
            entries += try reply.records.map { try LogEntry(position: $0.position, bytes: $0.bytes) }
            cursor = reply.next
            if reply.next.seq >= reply.head { return entries }
        }
    }

    /// The records in the archive of the index, as they stand on the disk and as they are read; none before it has one.
    func archivedRecords() throws -> [(stored: [UInt8], record: [UInt8])] {
        guard scratch.exists("state/index/index.sqlite") else { return [] }
        let packer = RecordPacker()
        var records: [(stored: [UInt8], record: [UInt8])] = []
        let connection = try Connection(path: scratch.path("state/index/index.sqlite"), mode: .readOnly)
        guard try connection.scalar("SELECT count(*) FROM sqlite_master WHERE name='record'") == 1 else { return [] }
        try connection.statement("SELECT bytes FROM record").forEachRow { row in
            let stored = row.bytes(0)
            records.append((stored, try packer.record(stored)))
        }
        return records
    }

    /// Waits until the file record of `path` is on the log and returns it.
    func fileRecord(of path: String, within limit: Duration = .seconds(30)) throws -> FileRecord {
        try fileRecord("the file record of '\(path)' is on the log", within: limit) { $0.path == path }
    }

    /// Waits until a file record that is as asked is on the log and returns it.
    func fileRecord(
        _ what: String, within limit: Duration = .seconds(30), _ isIt: (FileRecord) -> Bool
    ) throws -> FileRecord {
        var found: FileRecord?
        try waitUntil(what, within: limit) {
            found = try records().compactMap(\.file).first(where: isIt)
            return found != nil
        }
        return found!
    }

    /// The last heartbeat of a process, as the status service has it.
    func heartbeat(of name: String) throws -> Heartbeat? {
        struct Body: Decodable { var processes: [Heartbeat] }
        return try askStatus("PROCESSES", Body.self).processes.first { $0.name == name }
    }

    /// Asks the status service.
    func askStatus<Body: Decodable>(_ command: String, _ type: Body.Type, json: String = "{}") throws -> Body {
        try ask("status/report.sock", command, type, json)
    }

    /// Asks the watcher's admin socket.
    func askWatch<Body: Decodable>(_ command: String, _ type: Body.Type, json: String = "{}") throws -> Body {
        try ask("watch/admin.sock", command, type, json)
    }

    private func ask<Body: Decodable>(
        _ socket: String, _ command: String, _ type: Body.Type, _ json: String
    ) throws -> Body {
        let client = CommandClient(context: context, endpoints: ["ipc://\(scratch.path("run"))/\(socket)"])
        return try client.request(command, json: Array(json.utf8), deadline: .seconds(10)).decode(type)
    }
}

/// A record of a stream, read.
struct LogEntry {
    private(set) var position: Position
    let bytes: [UInt8]
    let article: Article?
    let file: FileRecord?
    let result: ResultRecord?

    private static let schema = Result { try RecordSchema.ofRepository() }
    /// What was read before: who waits for a record asks for the whole stream again and again.
    private static let known = Mutex<[[UInt8]: LogEntry]>([:])
    private static let knownLimit = 20_000

    /// Reads a record.
    ///
    /// - Throws: `Trouble` where it is not as the schema of records says.
    init(position: Position, bytes: [UInt8]) throws {
        if let known = LogEntry.known.withLock({ $0[bytes] }) {
            self = known
            self.position = position
            return
        }
        let faults = try LogEntry.schema.get().faults(bytes)
        guard faults.isEmpty else {
            throw Trouble("\(faults.joined(separator: "\n")) in\n\(String(decoding: bytes, as: UTF8.self))")
        }
        self.position = position
        self.bytes = bytes
        func read<Body: Decodable>(_ type: Body.Type, if isIt: RecordType) throws -> Body? {
            guard RecordType.of(bytes) == isIt else { return nil }
            return try JSONDecoder().decode(type, from: Data(bytes))
        }
        article = try read(Article.self, if: .article)
        file = try read(FileRecord.self, if: .file)
        result = try read(ResultRecord.self, if: .result)
        LogEntry.known.withLock { [self] known in
            if known.count >= LogEntry.knownLimit { known.removeAll() }
            known[bytes] = self
        }
    }
}
