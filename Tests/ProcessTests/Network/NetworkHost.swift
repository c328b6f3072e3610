import Articles
import FoundationEssentials
import Glibc
import Linux
import Messaging
import TestSupport
import ZeroMQ

/// A host on a ``NetworkSwitch``: a configuration with a key, state and sockets of its own, and the processes that run there.
final class NetworkHost {
    let name: String
    let scratch: ScratchDirectory
    private let network: NetworkSwitch
    private var processes: [String: TestedProcess] = [:]
    private var starts = 0

    /// Makes the host, and its key.
    init(_ name: String, on network: NetworkSwitch) throws {
        self.name = name
        self.network = network
        scratch = try ScratchDirectory()
        for name in ["drop", "state", "run"] { try scratch.makeDirectory(name) }
        let tool = try BuiltProgram.run(["keygen", scratch.path("key"), "--json"])
        guard tool.ending == .exited(0) else { throw Trouble("keygen: \(tool.errorOutput)") }
        publicKey = try JSONDecoder().decode(JSONValue.self, from: Data(tool.output.utf8))["public"]?.stringValue ?? ""
    }

    /// The public half of its key.
    let publicKey: String
    var address: String { network.address(of: name) }

    /// Writes its configuration: the common part, and what `sections` say.
    func configure(_ sections: String, authorized: String, known: String) throws {
        try scratch.write(authorized, to: "authorized_keys")
        try scratch.write(known, to: "known_servers")
        try scratch.write(
            """
            state_directory = "\(scratch.path("state"))"
            runtime_directory = "\(scratch.path("run"))"
            [security]
            key_file = "\(scratch.path("key"))"
            authorized_keys = "\(scratch.path("authorized_keys"))"
            known_servers = "\(scratch.path("known_servers"))"
            \(sections)

            """, to: "dropwire.toml")
    }

    // MARK: Processes

    /// Starts a role there; with `clock` its wall clock is wrong by so much.
    func start(_ role: String, clock: Duration = .zero) throws {
        starts += 1
        var launcher = network.launcher(on: name)
        if clock != .zero {
            try scratch.write("clock 0 \(clock.components.seconds * 1000)\n", to: "faults")
            launcher += [
                "/usr/bin/env", "LD_PRELOAD=\(BuiltProgram.folder)/libFaultInjection.so",
                "DROPWIRE_FAULTS=\(scratch.path("faults"))", "DROPWIRE_FAULT_HITS=\(scratch.path("hits"))",
            ]
        }
        var arguments = [role, "--config", scratch.path("dropwire.toml"), "--supervised"]
        if role == "status" { arguments.insert("--serve", at: 1) }
        let process = try TestedProcess(
            arguments, readiness: ReadinessSocket(path: scratch.path("run/ready-\(starts)")), launcher: launcher)
        try process.waitUntilReady()
        processes[role] = process
    }

    /// Sends a signal to a role's process.
    func send(_ signal: Int32, to role: String) { processes[role]?.send(signal) }

    /// Ends a role with SIGKILL.
    func kill(_ role: String) throws {
        guard let process = processes.removeValue(forKey: role), try process.kill() == .killed(signal: SIGKILL) else {
            throw Trouble("\(role) on \(name) had ended before it was killed")
        }
    }

    /// Drains everything; returns what did not end with code 0.
    func stopAll() throws -> [String] {
        for process in processes.values { process.send(SIGTERM) }
        return try processes.compactMap { role, process in
            let ending = try process.waitUntilEnded()
            return ending == .exited(0) ? nil : "\(role) on \(name) ended with \(ending):\n\(process.errorOutput)"
        }
    }

    /// What its processes have said.
    var report: String { processes.map { "\($0.key) on \(name):\n\($0.value.errorOutput)" }.joined(separator: "\n") }

    // MARK: What came of it

    /// Drops a file as a careful producer does.
    func drop(_ text: String, as name: String) throws {
        try scratch.dropByRename(Array(text.utf8), to: "drop/\(name)")
    }

    /// The whole log of its watcher, read from the disk.
    func log() throws -> [LogEntry] {
        let reader = try LogReader(path: scratch.path("state/watch/log.sqlite"))
        let head = try reader.head()
        var entries: [LogEntry] = []
        var after: UInt64 = 0
        while after < head {
            let (records, next) = try reader.records(after: after, upTo: head, topics: [], limit: 500)
            entries += try records.map { try LogEntry(position: $0.position, bytes: $0.bytes) }
            after = next
        }
        return entries
    }
}
