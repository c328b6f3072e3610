import FoundationEssentials
import Glibc
import Linux
import Messaging
import TOML

/// Where a `dropwire up` gets its configuration from, and what it must tidy up.
struct UpPlan {
    /// The configuration file that the children and tools read.
    let configurationPath: String
    /// What was read from it.
    let configuration: Configuration
    /// The folder to drop files in, where `up` chose or was told one.
    let dropDirectory: String?
    /// What `up` made for this run only.
    let scratchDirectory: String?

    /// A configuration of the operator's.
    init(configurationPath: String) throws {
        let path = try AbsolutePath.of(configurationPath)
        self.configurationPath = path
        configuration = try Configuration.load(path: path)
        dropDirectory = nil
        scratchDirectory = nil
    }

    /// The demo: a scratch folder with everything in it, and free ports, so that it runs beside an installed service.
    static func demo() throws -> UpPlan {
        let template = "/tmp/dropwire-demo-XXXXXX"
        var bytes = Array(template.utf8CString)
        guard mkdtemp(&bytes) != nil else { throw SystemError(operation: "make a directory like '\(template)'") }
        let scratch = String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try StateLock.makeDirectory(scratch + "/drop")
        return try UpPlan(
            drop: scratch + "/drop", state: scratch + "/state", runtime: scratch + "/run", ports: Ports.free,
            scratchDirectory: scratch)
    }

    /// One folder without a configuration: state in the user's state directory, the usual ports where they are free.
    static func drop(_ directory: String, state: String?) throws -> UpPlan {
        let directory = try AbsolutePath.of(directory)
        var status = stat()
        guard stat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw UsageError("--drop '\(directory)' is not a directory")
        }
        let state = try state ?? defaultState(for: directory)
        try StateLock.makeDirectory(state)
        try RunTimeFile.makePrivateDirectory(RunTimeFile.directory)
        return try UpPlan(
            drop: directory, state: AbsolutePath.of(state), runtime: RunTimeFile.directory + "/\(getpid())",
            ports: Ports.usual.areFree ? .usual : .free, scratchDirectory: nil)
    }

    private init(drop: String, state: String, runtime: String, ports: Ports, scratchDirectory: String?) throws {
        try StateLock.makeDirectory(state)
        let text = """
            # Written by `dropwire up` for this run.
            state_directory = \(tomlString(state))
            runtime_directory = \(tomlString(runtime))
            [watch.stream]
            feed = ["ipc://\(runtime)/watch/feed.sock", "tcp://127.0.0.1:\(ports.feed)"]
            log = ["ipc://\(runtime)/watch/log.sock", "tcp://127.0.0.1:\(ports.log)"]
            [[watch.drop]]
            path = \(tomlString(drop))
            [deduplicate.stream]
            feed = ["ipc://\(runtime)/deduplicate/feed.sock", "tcp://127.0.0.1:\(ports.uniqueFeed)"]
            log = ["ipc://\(runtime)/deduplicate/log.sock", "tcp://127.0.0.1:\(ports.uniqueLog)"]
            [index.stream]
            feed = ["ipc://\(runtime)/index/feed.sock", "tcp://127.0.0.1:\(ports.matchFeed)"]
            log = ["ipc://\(runtime)/index/log.sock", "tcp://127.0.0.1:\(ports.matchLog)"]
            [status]
            http = "127.0.0.1:\(ports.http)"
            [status.stream]
            feed = ["ipc://\(runtime)/status/feed.sock", "tcp://127.0.0.1:\(ports.resultsFeed)"]
            log = ["ipc://\(runtime)/status/log.sock", "tcp://127.0.0.1:\(ports.resultsLog)"]

            """
        configurationPath = state + "/up.toml"
        try Data(text.utf8).write(to: URL(filePath: configurationPath), options: .atomic)
        configuration = try Configuration.load(path: configurationPath)
        dropDirectory = drop
        self.scratchDirectory = scratchDirectory
    }

    /// The user's state directory for one folder: folders do not share a log.
    private static func defaultState(for directory: String) throws -> String {
        let base: String
        if let named = getenv("XDG_STATE_HOME"), named.pointee == UInt8(ascii: "/") {
            base = String(cString: named)
        } else if let home = getenv("HOME"), home.pointee == UInt8(ascii: "/") {
            base = String(cString: home) + "/.local/state"
        } else {
            throw UsageError("$HOME is not set: say with --state where the state goes")
        }
        return base + "/dropwire/"
            + directory.utf8.map { byte in
                let isPlain =
                    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte & 0xdf) || byte == 0x2e || byte == 0x2d
                return isPlain ? String(UnicodeScalar(byte)) : byte == 0x2f ? "_" : "%" + String(byte, radix: 16)
            }.joined().drop { $0 == "_" }
    }
}

/// The TCP ports of one set of processes; `*` and 0 let the system choose.
struct Ports {
    let feed, log, uniqueFeed, uniqueLog, resultsFeed, resultsLog, matchFeed, matchLog: String
    let http: Int

    static let free = Ports(
        feed: "*", log: "*", uniqueFeed: "*", uniqueLog: "*", resultsFeed: "*", resultsLog: "*", matchFeed: "*",
        matchLog: "*", http: 0)
    static let usual = Ports(
        feed: "8471", log: "8472", uniqueFeed: "8476", uniqueLog: "8477", resultsFeed: "8474", resultsLog: "8475",
        matchFeed: "8478", matchLog: "8479", http: 8470)

    /// Nobody listens on any of them at this moment.
    var areFree: Bool {
        let ports =
            [feed, log, uniqueFeed, uniqueLog, resultsFeed, resultsLog, matchFeed, matchLog].compactMap { UInt16($0) }
            + [UInt16(http)]
        return ports.allSatisfy(Ports.isFree)
    }

    private static func isFree(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
