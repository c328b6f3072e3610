import FoundationEssentials
import Glibc
import Linux
import SQLite

/// The built `dropwire watch` alone, on drop directories of its own.
final class Watcher {
    /// A drop directory and its further keys, as lines of the configuration.
    struct Drop {
        let path: String
        var keys = ""
    }

    let workspace: Workspace
    let folder: String
    private var child: ChildProcess?

    /// Makes its folder; the directories are the caller's.
    init(_ workspace: Workspace) throws {
        self.workspace = workspace
        folder = try workspace.folder("watch")
        for name in ["state", "run"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
    }

    deinit { child?.send(signal: SIGKILL) }

    /// Starts it on drop directories; returns how long it took to be ready.
    @discardableResult
    func start(_ drops: [Drop]) throws -> Duration {
        var text = """
            state_directory = "\(folder)/state"
            runtime_directory = "\(folder)/run"
            [watch]
            max_log_bytes = "1TiB"
            [watch.stream]
            feed = ["ipc://\(folder)/run/watch/feed.sock"]
            log = ["ipc://\(folder)/run/watch/log.sock"]

            """
        for (number, drop) in drops.enumerated() {
            text +=
                "[[watch.drop]]\npath = \"\(drop.path)\"\nsource = \"bench-\(number)\"\nlanguage = \"en\"\n\(drop.keys)\n"
        }
        let configuration = "\(folder)/dropwire.toml"
        try Data(text.utf8).write(to: URL(filePath: configuration))
        let messages = "\(folder)/watch.log"
        try? FileManager.default.removeItem(atPath: messages)
        let began = ContinuousClock.now
        // The shell is gone with its exec.
        let child = try ChildProcess(
            path: "/bin/sh",
            arguments: [
                "-c", "exec \"$0\" watch --config \"$1\" 2>\"$2\"", try Installation.binary(), configuration, messages,
            ], errorOutput: .inherited)
        self.child = child
        try wait(atMost: .seconds(60), "the watcher is not ready") { said.contains("Ready.") }
        return ContinuousClock.now - began
    }

    /// Drains it.
    func end() throws {
        guard let child else { return }
        child.send(signal: SIGTERM)
        let ending = child.wait()
        self.child = nil
        guard ending == .exited(0) else { throw BenchmarkFailure("the watcher ended with \(ending):\n\(messages)") }
    }

    /// What /proc says of it.
    func member() throws -> ProcessTree.Member {
        guard let child, let member = ProcessTree.member(child.identifier) else {
            throw BenchmarkFailure("the watcher is gone:\n\(messages)")
        }
        return member
    }

    /// The share of a core that it takes while nothing is asked of it, in percent.
    @discardableResult
    func load(over seconds: Int, meanwhile body: (Int) throws -> Void = { _ in }) throws -> Double {
        let before = try member().processorTime
        let began = ContinuousClock.now
        for second in 1...seconds {
            try body(second)
            let pause = began + .seconds(second) - .now
            if pause > .zero { usleep(useconds_t(pause / .microseconds(1))) }
        }
        return try (member().processorTime - before) / (ContinuousClock.now - began) * 100
    }

    /// Waits until it has written so many file records.
    func waitForFiles(_ count: Int, atMost limit: Duration) throws {
        try wait(atMost: limit, "the watcher is not through") { try files() >= count }
    }

    /// The number of files that have an outcome.
    func files() throws -> Int { Int(try scalar("SELECT max(id) FROM ledger") ?? 0) }

    /// Asks its database.
    func scalar(_ sql: String) throws -> Int64? {
        try Connection(path: "\(folder)/state/watch/log.sqlite", mode: .readOnly).scalar(sql)
    }

    func wait(atMost limit: Duration, _ problem: String, until isDone: () throws -> Bool) throws {
        let end = ContinuousClock.now + limit
        while try !isDone() {
            guard let child, ProcessTree.member(child.identifier) != nil, ContinuousClock.now < end else {
                throw BenchmarkFailure("\(problem):\n\(messages)")
            }
            usleep(2000)
        }
    }

    private var said: String {
        String(decoding: FileManager.default.contents(atPath: "\(folder)/watch.log") ?? Data(), as: UTF8.self)
    }

    private var messages: String { String(said.suffix(2000)) }
}
