import FoundationEssentials
import Glibc
import Linux
import TestSupport
import Testing

/// The package, installed on a machine of its own: `machine.py` boots it, `inside/scenarios.py` is what happens there, or
/// `inside/guide.py`, which does what the operator's guide says.
///
/// For longer runs: DROPWIRE_SYSTEMD_ROUNDS (1). DROPWIRE_SYSTEMD_SEED (1) chooses the order of what happens.
/// DROPWIRE_PACKAGE is tested instead of a package of this build, after DROPWIRE_PREVIOUS_PACKAGE instead of the same one
/// with a lower version.
@Suite struct ServiceManagerTests {
    private static let scripts = BuiltProgram.sourceRoot + "/Tests/ProcessTests/Systemd"
    private static let machine = ["/usr/bin/python3", scripts + "/machine.py"]

    private static let isPossible: Bool = {
        let probe = try? TestedProcess(name: "machine.py --probe", command: machine + ["--probe"])
        return (try? probe?.waitUntilEnded()) == .exited(0)
    }()

    @Test(.enabled(if: isPossible, "a machine needs root, systemd-nspawn and an overlay of the root"))
    func `services on a real systemd lose nothing and do nothing twice, whatever happens to them`() throws {
        let scratch = try ScratchDirectory()
        let rounds = ServiceManagerTests.variable("DROPWIRE_SYSTEMD_ROUNDS").flatMap { Int($0) } ?? 1
        // What was taken in stays: a longer run needs more room.
        var options = ["--volume", "/var/lib/dropwire=\(192 + 64 * rounds)M", "--volume", "/srv/dropwire=64M"]
        var scenarios = ["--rounds", "\(rounds)"]
        scenarios += ["--seed", ServiceManagerTests.variable("DROPWIRE_SYSTEMD_SEED") ?? "1"]
        if let previous = ServiceManagerTests.variable("DROPWIRE_PREVIOUS_PACKAGE") {
            options += ["--file", "/srv/previous.deb=\(previous)"]
            scenarios += ["--previous", "/srv/previous.deb"]
        }
        try perform("scenarios.py", scenarios, on: options, within: 300 + 300 * rounds, in: scratch)
    }

    @Test(.enabled(if: isPossible, "a machine needs root, systemd-nspawn and an overlay of the root"))
    func `the operator's guide does on a real systemd what it says, procedure by procedure`() throws {
        let scratch = try ScratchDirectory()
        let pages = BuiltProgram.sourceRoot + "/Sources/dropwire/Operations.docc"
        let options = ["--volume", "/mnt/big=2G", "--file", "/srv/guide=\(pages)"]
        try perform("guide.py", ["--pages", "/srv/guide"], on: options, within: 600, in: scratch)
    }

    @Test(.enabled(if: isPossible, "a machine needs root, systemd-nspawn and an overlay of the root"))
    func `nothing outlives the supervisor of a machine`() throws {
        let scratch = try ScratchDirectory()
        let command = ["--output", scratch.path("output"), "--", "/bin/sh", "-c", "echo up; sleep 1000"]
        let machine = try TestedProcess(name: "machine.py", command: ServiceManagerTests.machine + command)
        let name = "dropwire-machine-\(machine.identifier)-"
        try waitUntil("the machine is up", within: .seconds(120)) {
            if let ending = machine.ending { throw Trouble("it ended, \(ending):\n\(machine.errorOutput)") }
            return machine.output.contains("up\n")
        }
        // Its own root is named on the command line of what runs it.
        #expect(try ServiceManagerTests.commandLines().contains { $0.contains(name) })
        try machine.kill()
        try waitUntil("all of it is gone", within: .seconds(60)) {
            try !ServiceManagerTests.commandLines().contains { $0.contains(name) }
        }
        // The empty directories of its cgroup are removed by the next one.
        try run(ServiceManagerTests.machine + ["--probe"])
        for hierarchy in ["", "/systemd", "/unified"] {
            let left = try? FileManager.default.contentsOfDirectory(atPath: "/sys/fs/cgroup\(hierarchy)")
            #expect(left?.contains { $0.hasPrefix(name) } != true)
        }
    }

    /// The command lines of all processes.
    private static func commandLines() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }.compactMap {
            try? String(contentsOfFile: "/proc/\($0)/cmdline", encoding: .utf8)
        }
    }

    /// Boots a machine that has the package, and runs a script on it to its end.
    ///
    /// - Parameters:
    ///   - options: what else the machine has.
    ///   - limit: in seconds, after which it is switched off.
    private func perform(
        _ script: String, _ arguments: [String], on options: [String], within limit: Int, in scratch: ScratchDirectory
    ) throws {
        let package = try ServiceManagerTests.variable("DROPWIRE_PACKAGE") ?? makePackage(in: scratch)
        let output = ["--output", scratch.path("output"), "--limit", "\(limit)"]
        let machine = try TestedProcess(
            name: "machine.py",
            command: ServiceManagerTests.machine + output + ["--file", "/srv/package.deb=\(package)"] + options
                + ["--", "/usr/bin/python3", "/tests/scripts/inside/\(script)", "--package", "/srv/package.deb"]
                + arguments)
        let ending = try machine.waitUntilEnded(within: .seconds(limit + 60))
        print(machine.output)
        // The last words say what is not as it must be; the journal stands before them.
        #expect(ending == .exited(0), "\(machine.errorOutput)\n\(machine.output)")
    }

    /// Makes the package of this build, as `systemd/package` does, but of the program that the tests have.
    private func makePackage(in scratch: ScratchDirectory) throws -> String {
        let program = scratch.path("dropwire")
        try run([ServiceManagerTests.scripts + "/relink", BuiltProgram.folder, program])
        // Compressing it takes longer than all that happens to it here.
        let output = try run(
            [BuiltProgram.sourceRoot + "/systemd/package", "--binary", program, scratch.path("package")],
            environment: ["DPKG_DEB_COMPRESSOR_TYPE": "none"])
        return output.split(separator: "\n").last.map(String.init) ?? ""
    }

    @discardableResult
    private func run(_ command: [String], environment: [String: String] = [:]) throws -> String {
        let process = try TestedProcess(name: command[0], command: command, environment: environment)
        guard try process.waitUntilEnded(within: .seconds(120)) == .exited(0) else {
            throw Trouble("\(command.joined(separator: " ")): \(process.errorOutput)")
        }
        return process.output
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
