import Glibc
import Linux
import SQLite
import TestSupport

/// The processes of an installation, to be killed and started again.
final class Crew {
    private let dropwire: Installation
    private var processes: [String: TestedProcess] = [:]
    /// How often each was killed with SIGKILL.
    private(set) var kills: [String: Int] = [:]
    /// How often it had work left when it died.
    private(set) var killsAtWork: [String: Int] = [:]

    init(_ dropwire: Installation) { self.dropwire = dropwire }

    /// Starts a role where it does not run.
    func start(_ role: String) throws {
        guard processes[role] == nil else { return }
        processes[role] = try dropwire.start(role)
    }

    /// Starts what does not run, and waits until everything serves.
    func startAll() throws {
        for role in Installation.roles { try start(role) }
    }

    /// Kills a role, where it runs, and notes whether it died at work.
    func kill(_ role: String) throws {
        guard let process = processes.removeValue(forKey: role) else { return }
        guard try process.kill() == .killed(signal: SIGKILL) else {
            throw Trouble("\(role) ended before it was killed, \(process.ending!):\n\(process.errorOutput)")
        }
        kills[role, default: 0] += 1
        if try hasWorkLeft(role) { killsAtWork[role, default: 0] += 1 }
    }

    /// Waits until a role has work, but no longer than the limit: most of the time it has none.
    func awaitWork(_ role: String, within limit: Duration) throws {
        let end = ContinuousClock.now + limit
        while try !hasWorkLeft(role), ContinuousClock.now < end { usleep(1000) }
    }

    /// Every role was killed at work so often.
    func wereKilledAtWork(_ count: Int) -> Bool {
        Installation.roles.allSatisfy { wasKilledAtWork($0, count) }
    }

    /// A role was killed at work so often.
    func wasKilledAtWork(_ role: String, _ count: Int) -> Bool { killsAtWork[role, default: 0] >= count }

    /// Drains everything; returns what did not end with code 0.
    func stopAll() throws -> [String] {
        for process in processes.values { process.send(SIGTERM) }
        return try processes.compactMap { role, process in
            let ending = try process.waitUntilEnded()
            return ending == .exited(0) ? nil : "\(role) ended with \(ending):\n\(process.errorOutput)"
        }
    }

    /// What the processes that run have said.
    var report: String { processes.map { "\($0.key):\n\($0.value.errorOutput)" }.joined(separator: "\n") }

    // MARK: What the dead have left

    /// Looks into the databases, reading only: what is not checkpointed is left for the next start to recover.
    private func hasWorkLeft(_ role: String) throws -> Bool {
        let head = try number("watch/log.sqlite", "SELECT max(seq) FROM log")
        func outbox(_ path: String) throws -> Int64 {
            try number(path, "SELECT count(*) FROM outbox WHERE id>(SELECT id FROM outbox_sent)")
        }
        func isBehind(_ path: String) throws -> Bool {
            try number(path, "SELECT max(seq) FROM worker_cursor") < head || outbox(path) > 0
        }
        switch role {
        case "watch": return !dropwire.waiting.isEmpty
        case "deduplicate": return try isBehind("deduplicate/\(Crew.deduplicateDatabase)")
        case "index": return try isBehind("index/index.sqlite")
        case "summarize":
            let groups = "watch/log.sqlite-groups"
            return try number(groups, "SELECT count(*) FROM work WHERE name='summarize'") > 0
                || number(groups, "SELECT max(high) FROM work_group WHERE name='summarize'") < head
        default:
            return try number("status/results.sqlite", "SELECT max(seq) FROM cursor") < head
                || outbox("deduplicate/\(Crew.deduplicateDatabase)") > 0 || outbox("index/index.sqlite") > 0
        }
    }

    private static let deduplicateDatabase = "state.sqlite"

    /// The first number of a query; 0 where the database or its tables are not there yet.
    private func number(_ path: String, _ query: String) throws -> Int64 {
        let full = dropwire.scratch.path("state/" + path)
        guard access(full, R_OK) == 0 else { return 0 }
        let connection = try Connection(path: full, mode: .readOnly)
        do { return try connection.scalar(query) ?? 0 } catch { return 0 }
    }
}
