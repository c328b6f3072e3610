import Glibc
import Linux
import Messaging
import TestSupport
import ZeroMQ

/// A watcher of its own name, as on another host: with its own drop directory, state and sockets, and without workers and
/// status service. It reports to those of an installation.
final class WatcherHost {
    let name: String
    let scratch: ScratchDirectory
    private let dropwire: Installation
    private var process: TestedProcess?
    private var starts = 0

    init(_ name: String, reportingTo dropwire: Installation) throws {
        self.name = name
        self.dropwire = dropwire
        scratch = try ScratchDirectory()
        for name in ["drop", "state", "run"] { try scratch.makeDirectory(name) }
        try scratch.write(
            """
            state_directory = "\(scratch.path("state"))"
            runtime_directory = "\(scratch.path("run"))"
            [watch]
            name = "\(name)"
            [watch.stream]
            feed = ["tcp://127.0.0.1:*"]
            log = ["\(logAddress)", "tcp://127.0.0.1:*"]
            [[watch.drop]]
            path = "\(scratch.path("drop"))"
            source = "desk"
            language = "en"
            poll_interval = "50ms"
            quiet_time = "50ms"
            settle_time = "50ms"
            [status]
            report = "ipc://\(dropwire.scratch.path("run/status/report.sock"))"

            """, to: "dropwire.toml")
    }

    private var logAddress: String { "ipc://\(scratch.path("run/log.sock"))" }

    /// Starts the watcher and waits until it serves.
    func start() throws {
        starts += 1
        let process = try TestedProcess(
            ["watch", "--config", scratch.path("dropwire.toml"), "--supervised"],
            readiness: ReadinessSocket(path: scratch.path("run/ready-\(starts)")))
        try process.waitUntilReady()
        self.process = process
    }

    /// Ends it with SIGKILL.
    func kill() throws {
        _ = try process?.kill()
        process = nil
    }

    /// Drains it; returns what it said where it did not end with code 0.
    func stop() throws -> String? {
        guard let process else { return nil }
        process.send(SIGTERM)
        let ending = try process.waitUntilEnded()
        return ending == .exited(0) ? nil : "\(name) ended with \(ending):\n\(process.errorOutput)"
    }

    /// Drops a file as a careful producer does.
    func drop(_ text: String, as name: String) throws {
        try scratch.dropByRename(Array(text.utf8), to: "drop/\(name)")
    }

    /// The watcher's whole log.
    func records() throws -> [LogEntry] {
        try Installation.records(CommandClient(context: dropwire.context, endpoints: [logAddress]))
    }
}
