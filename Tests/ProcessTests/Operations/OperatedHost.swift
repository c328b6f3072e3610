import Linux
import TestSupport

/// A host of a test's own, as the package leaves one, in namespaces: `/etc`, `/var` and the network are its own, and processes
/// run there as systemd would start them.
final class OperatedHost {
    let scratch: ScratchDirectory
    private let holder: TestedProcess
    private var processes: [(role: String, process: TestedProcess)] = []
    private var count = 0

    /// The roles in the order in which their units start.
    static let roles = ["status", "watch", "deduplicate", "index", "summarize"]

    init() throws {
        scratch = try ScratchDirectory()
        for name in ["host", "home"] { try scratch.makeDirectory(name) }
        let script = "\(BuiltProgram.sourceRoot)/Tests/ProcessTests/Operations/host"
        holder = try TestedProcess(
            name: "the host",
            command: [
                "/usr/bin/unshare", "--mount", "--net", script, scratch.path("host"), BuiltProgram.path,
                BuiltProgram.sourceRoot, "/bin/sh", "-c", "echo ready; exec sleep infinity",
            ])
        try waitUntil("the host is there") {
            if let ending = holder.ending { throw Trouble("the host ended, \(ending): \(holder.errorOutput)") }
            return holder.output.contains("ready")
        }
    }

    private var enter: [String] { ["/usr/bin/nsenter", "--target", "\(holder.identifier)", "--mount", "--net"] }

    /// Starts every role that does not run, and waits until all serve.
    func start() throws {
        let missing = OperatedHost.roles.filter { role in !processes.contains { $0.role == role } }
        var started: [TestedProcess] = []
        for role in missing {
            count += 1
            let words = role == "status" ? ["status", "--serve"] : [role]
            let readiness = try ReadinessSocket(path: scratch.path("ready-\(count)"))
            let process = try TestedProcess(words + ["--supervised"], readiness: readiness, launcher: enter)
            processes.append((role, process))
            started.append(process)
        }
        for process in started { try process.waitUntilReady() }
    }

    /// Stops every role.
    func stop() throws {
        for (role, process) in processes.reversed() {
            let ending = try process.stop()
            guard ending == .exited(0) else { throw Trouble("\(role) \(ending): \(process.errorOutput)") }
        }
        processes = []
    }

    /// Runs commands as somebody types them, one failing ends them; returns what they printed.
    ///
    /// - Throws: `Trouble` where one fails.
    @discardableResult
    func run(_ commands: String) throws -> String {
        let shell = try TestedProcess(
            name: "sh",
            command: enter + ["--wd=\(scratch.path("home"))", "/bin/sh", "-euc", commands],
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DROPWIRE_CONFIG": ""])
        guard try shell.waitUntilEnded(within: .seconds(60)) == .exited(0) else {
            throw Trouble("\(commands)\n\(shell.output)\(shell.errorOutput)")
        }
        return shell.output
    }

    /// Runs a procedure of the guide as it stands there; returns what it printed.
    @discardableResult
    func operate(_ name: String) throws -> String { try run(Procedure.named(name).text) }
}
