import Glibc
import Linux
import Synchronization
import TestSupport

/// Hosts of a test's own, joined by a switch: each is a network namespace with one interface, `eth`.
///
/// The switch is a process that passes the frames on (`switch.py`): late, with losses, or not at all. It is gone with this
/// object, and so are the namespaces.
final class NetworkSwitch: Sendable {
    /// The hosts' names, in the order of their addresses.
    let hosts: [String]
    private let number: Int
    private let program: TestedProcess
    private let answers = Mutex(1)
    private static let count = Atomic<Int>(0)

    /// Namespaces can be made here: that needs root, and `ip` of iproute2.
    static let isPossible: Bool = {
        let name = "dropwire-probe-\(getpid())"
        guard geteuid() == 0, (try? ip(["netns", "add", name])) == true else { return false }
        return (try? ip(["netns", "delete", name])) == true
    }()

    /// Makes the hosts and what joins them.
    init(hosts: [String]) throws {
        self.hosts = hosts
        number = NetworkSwitch.count.add(1, ordering: .relaxed).newValue
        let name = "dropwire-\(getpid())-\(number)"
        try NetworkSwitch.check(["netns", "add", name])
        for (index, host) in hosts.enumerated() {
            let space = "\(name)-\(host)"
            try NetworkSwitch.check(["netns", "add", space])
            try NetworkSwitch.check([
                "-n", name, "link", "add", host, "type", "veth", "peer", "name", "eth", "netns", space,
            ])
            try NetworkSwitch.check(["-n", name, "link", "set", host, "up"])
            // Packets as they are on a cable: otherwise the kernel hands over 64 KB at a time, and a loss loses all of it.
            try NetworkSwitch.check(["-n", space, "link", "set", "eth", "gso_max_segs", "1", "up"])
            try NetworkSwitch.check(["-n", space, "link", "set", "lo", "up"])
            try NetworkSwitch.check(["-n", space, "address", "add", "10.77.0.\(index + 1)/24", "dev", "eth"])
        }
        let path = BuiltProgram.sourceRoot + "/Tests/ProcessTests/Network/switch.py"
        program = try TestedProcess(
            name: "switch.py", command: ["/usr/sbin/ip", "netns", "exec", name, "/usr/bin/python3", path] + hosts)
        try waitUntil("the switch is ready") { program.output.contains("ready\n") || program.ending != nil }
        guard program.ending == nil else { throw Trouble("the switch ended: \(program.errorOutput)") }
    }

    deinit {
        program.send(SIGKILL)
        let name = "dropwire-\(getpid())-\(number)"
        for space in [name] + hosts.map({ "\(name)-\($0)" }) { _ = try? NetworkSwitch.ip(["netns", "delete", space]) }
    }

    /// The address of a host.
    func address(of host: String) -> String { "10.77.0.\(hosts.firstIndex(of: host)! + 1)" }

    /// What a program is started through to run on a host.
    func launcher(on host: String) -> [String] {
        ["/usr/sbin/ip", "netns", "exec", "dropwire-\(getpid())-\(number)-\(host)"]
    }

    // MARK: What is done to the cables

    /// Every frame takes so long.
    func delay(milliseconds: Int) throws { try tell("delay \(milliseconds)") }

    /// So many frames of all are lost.
    func lose(_ share: Double) throws { try tell("loss \(share)") }

    /// Pulls a host's cable out at the switch: no process is told.
    func cut(_ host: String) throws { try tell("cut \(host)") }

    /// Puts it in again.
    func heal(_ host: String) throws { try tell("heal \(host)") }

    private func tell(_ command: String) throws {
        try answers.withLock { answers in
            guard program.write(command + "\n") else { throw Trouble("the switch is gone: \(program.errorOutput)") }
            answers += 1
            let wanted = answers
            try waitUntil("the switch has done '\(command)'") {
                program.output.split(separator: "\n").count >= wanted
            }
        }
    }

    private static func check(_ arguments: [String]) throws {
        guard try ip(arguments) else { throw Trouble("ip \(arguments.joined(separator: " ")) failed") }
    }

    private static func ip(_ arguments: [String]) throws -> Bool {
        let child = try ChildProcess(path: "/usr/sbin/ip", arguments: arguments, output: .null, errorOutput: .null)
        return child.wait() == .exited(0)
    }
}
