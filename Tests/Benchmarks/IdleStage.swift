import Glibc
import Linux

/// Processor time of the five processes when nothing is dropped, with ten drop directories.
enum IdleStage: Stage {
    static let name = "idle"

    static func run(in workspace: Workspace) throws -> [Row] {
        let installation = try Installation(workspace, dropDirectories: 10)
        defer { workspace.remove(installation.folder) }
        let child = try installation.start()
        _ = try Installation.roles(of: child)
        // Start-up is over by then.
        sleep(5)
        let seconds = workspace.options.idleSeconds
        let before = ProcessTree.children(of: child.identifier)
        sleep(UInt32(seconds))
        let after = ProcessTree.children(of: child.identifier)
        try Installation.end(child)
        guard before.map(\.identifier) == after.map(\.identifier) else {
            throw BenchmarkFailure("a process ended while idle:\n\(installation.messages)")
        }
        let times = zip(before, after).map { (role: $0.role, time: $1.processorTime - $0.processorTime) }
        func percent(_ time: Duration) -> Double { time / .seconds(1) / Double(seconds) * 100 }
        return [
            Row(
                name, "all processes, \(seconds) s, ten drop directories",
                percent(times.reduce(.zero) { $0 + $1.time }), "% of a core", bar: .under(1))
        ] + times.map { Row(name, $0.role, percent($0.time), "% of a core") }
            + after.map { Row(name, "resident: \($0.role)", Double($0.resident) / 1e6, "MB") }
    }
}
