import Glibc
import Linux
import TestSupport

/// The status service's process. Used by one thread.
final class StatusService {
    private let workplace: Workplace
    private var process: TestedProcess?
    private var starts = 0
    private var isReady = false

    init(workplace: Workplace) { self.workplace = workplace }

    /// Starts it where it does not run: a full disk may end it, too.
    func start() throws {
        if process?.ending != nil { process = nil }
        guard process == nil else { return }
        starts += 1
        isReady = false
        process = try TestedProcess(
            name: "status",
            command: [
                BuiltFiles.dropwire, "status", "--serve", "--config", workplace.scratch.path("dropwire.toml"),
                "--supervised",
            ], readiness: ReadinessSocket(path: workplace.scratch.path("run/status-ready-\(starts)")))
    }

    /// Waits until it serves.
    func waitUntilReady() throws {
        try start()
        if !isReady { try process!.waitUntilReady(within: .seconds(60)) }
        isReady = true
    }

    func kill() throws {
        _ = try process?.kill()
        process = nil
    }

    func send(_ signal: Int32) -> Bool { process?.send(signal) ?? false }

    /// What it said.
    var errorOutput: String { process?.errorOutput ?? "" }
}
