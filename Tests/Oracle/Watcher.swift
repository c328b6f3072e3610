import Glibc
import Ingestion
import Linux
import TestSupport

/// The watcher's process, which ends and is started again. Used by one thread.
final class Watcher {
    private let workplace: Workplace
    private let rules: FaultRules
    private let findings: Findings
    private(set) var process: TestedProcess?
    private var starts = 0
    private var isReady = false
    /// Why it may end by itself at this moment.
    var excuse: String?

    init(workplace: Workplace, rules: FaultRules, findings: Findings) {
        self.workplace = workplace
        self.rules = rules
        self.findings = findings
    }

    /// Starts it where it does not run.
    ///
    /// - Parameter killAt: the point, with the number of the visit, at which it ends.
    func start(killAt: (point: IntakePoint, visit: Int)? = nil) throws {
        guard process == nil else { return }
        starts += 1
        isReady = false
        var environment = rules.environment
        environment["DROPWIRE_LOG_LEVEL"] = "info"
        if let killAt {
            environment["DROPWIRE_KILL_AT"] = "\(killAt.point.rawValue):\(killAt.visit)"
            environment["DROPWIRE_KILL_NOTE"] = workplace.scratch.path("killed")
        }
        let ready = try ReadinessSocket(path: workplace.scratch.path("run/ready-\(starts)"))
        process = try TestedProcess(
            name: "watch",
            command: [
                BuiltFiles.dropwire, "watch", "--config", workplace.scratch.path("dropwire.toml"), "--supervised",
            ],
            environment: environment, readiness: ready)
    }

    /// Waits until it serves; starts it again where it may end by itself and does.
    func waitUntilReady() throws {
        while true {
            do {
                check()
                try start()
                if !isReady { try process!.waitUntilReady(within: .seconds(60)) }
                isReady = true
                return
            } catch {
                guard excuse != nil, process?.ending != nil else { throw error }
                check()
                Pace.sleep(.milliseconds(100))
            }
        }
    }

    /// Notes where it ended by itself, and forgets it then.
    func check() {
        guard let process, let ending = process.ending else { return }
        if excuse == nil {
            findings.add("the watcher ended by itself", "\(ending):\n\(process.errorOutput.suffix(4000))")
        }
        forget()
    }

    /// Forgets an ended process; what it said is kept for whoever looks into a round that failed.
    private func forget() {
        let said = Array((process?.errorOutput ?? "").utf8)
        try? workplace.scratch.append(said + Array("--\n".utf8), to: "watch.log")
        process = nil
    }

    /// Kills it; returns whether it was alive.
    @discardableResult func kill() throws -> Bool {
        check()
        guard let process else { return false }
        try process.kill()
        forget()
        return true
    }

    /// Asks it to drain, and notes where it does not end well.
    func terminate() throws {
        check()
        guard let process else { return }
        let ending = try process.stop(within: .seconds(60))
        if ending != .exited(0), excuse == nil {
            findings.add("the watcher did not drain", "\(ending):\n\(process.errorOutput.suffix(4000))")
        }
        forget()
    }

    /// Waits until it has ended by SIGKILL, its own; returns whether it has.
    func waitUntilKilled(within limit: Duration) throws -> Bool {
        guard let process, eventually(within: limit, { process.ending != nil }) else { return false }
        let ending = try process.waitUntilEnded()
        if ending != .killed(signal: SIGKILL), excuse == nil {
            findings.add("the watcher ended by itself", "\(ending):\n\(process.errorOutput.suffix(4000))")
        }
        forget()
        return ending == .killed(signal: SIGKILL)
    }
}
