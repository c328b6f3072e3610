import FoundationEssentials
import Glibc
import Linux

/// A configuration of its own in a folder of the run, and `dropwire up` on it.
final class Installation {
    let folder: String
    let drops: [String]
    let configurationPath: String
    /// The feed of articles.
    var feed: String { "ipc://\(folder)/run/watch/feed.sock" }

    /// Makes drop directories and a configuration that sets nothing but paths and ports.
    init(_ workspace: Workspace, dropDirectories count: Int = 1) throws {
        folder = try workspace.folder("up")
        drops = (0..<count).map { [folder] in "\(folder)/drop-\($0)" }
        for drop in drops + ["\(folder)/xdg"] {
            try FileManager.default.createDirectory(atPath: drop, withIntermediateDirectories: true)
        }
        chmod("\(folder)/xdg", 0o700)
        var text = """
            state_directory = "\(folder)/state"
            runtime_directory = "\(folder)/run"
            [watch.stream]
            feed = ["ipc://\(folder)/run/watch/feed.sock", "tcp://127.0.0.1:*"]
            log = ["ipc://\(folder)/run/watch/log.sock", "tcp://127.0.0.1:*"]
            [deduplicate.stream]
            feed = ["ipc://\(folder)/run/deduplicate/feed.sock", "tcp://127.0.0.1:*"]
            log = ["ipc://\(folder)/run/deduplicate/log.sock", "tcp://127.0.0.1:*"]
            [index.stream]
            feed = ["ipc://\(folder)/run/index/feed.sock", "tcp://127.0.0.1:*"]
            log = ["ipc://\(folder)/run/index/log.sock", "tcp://127.0.0.1:*"]
            [status]
            http = "127.0.0.1:0"
            [status.stream]
            feed = ["ipc://\(folder)/run/status/feed.sock", "tcp://127.0.0.1:*"]
            log = ["ipc://\(folder)/run/status/log.sock", "tcp://127.0.0.1:*"]

            """
        for (number, drop) in drops.enumerated() {
            text += "[[watch.drop]]\npath = \"\(drop)\"\nsource = \"bench-\(number)\"\nlanguage = \"en\"\n"
        }
        configurationPath = "\(folder)/dropwire.toml"
        try Data(text.utf8).write(to: URL(filePath: configurationPath))
    }

    /// The path of the `dropwire` that was built beside the benchmark.
    static func binary() throws -> String {
        let own = ProcessInformation.executablePath
        let binary = String(own[..<(own.lastIndex(of: "/") ?? own.endIndex)] + "/dropwire")
        guard access(binary, X_OK) == 0 else {
            throw BenchmarkFailure(
                "'\(binary)' is not there: build it with `swift build -c release --product dropwire`")
        }
        return binary
    }

    /// Starts the `dropwire` that was built beside the benchmark.
    func start(_ arguments: [String] = []) throws -> ChildProcess {
        let binary = try Installation.binary()
        // Its messages go to a file: what nobody reads would stop it. The shell is gone with its exec.
        let line = "exec \"$0\" up --config \"$1\" \(arguments.joined(separator: " ")) 2>\"$2\""
        return try ChildProcess(
            path: "/bin/sh", arguments: ["-c", line, binary, configurationPath, "\(folder)/up.log"],
            environment: ["XDG_RUNTIME_DIR": "\(folder)/xdg"], errorOutput: .inherited)
    }

    /// Drains a running `up`.
    static func end(_ child: ChildProcess) throws {
        child.send(signal: SIGTERM)
        let ending = child.wait()
        guard ending == .exited(0) else { throw BenchmarkFailure("dropwire up ended with \(ending)") }
    }

    /// The last lines of what `up` said.
    var messages: String {
        let bytes = FileManager.default.contents(atPath: "\(folder)/up.log") ?? Data()
        return String(decoding: bytes.suffix(2000), as: UTF8.self)
    }

    /// The five roles, once all are there.
    static func roles(of child: ChildProcess) throws -> [ProcessTree.Member] {
        let end = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < end {
            let members = ProcessTree.children(of: child.identifier)
            if members.count >= 5 { return members }
            usleep(20_000)
        }
        throw BenchmarkFailure("dropwire up did not start five processes within 30 s")
    }
}
