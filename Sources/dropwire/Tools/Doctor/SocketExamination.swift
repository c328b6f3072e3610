import Glibc
import Linux
import Messaging
import ZeroMQ

/// The processes and their sockets: who runs, and who answers PING.
struct SocketExamination {
    private(set) var findings: [Finding] = []
    private static let patience = Duration.seconds(2)

    init(_ configuration: Configuration) {
        let roles: [(name: String, sockets: [(String, [String])])] = [
            (
                "watch",
                [("log", configuration.watch.stream.logForClients), ("admin", configuration.watch.admin.forClients)]
            ),
            ("deduplicate", [("log", configuration.deduplicate.stream.logForClients)]),
            (
                "index",
                [("search", configuration.index.search.forClients), ("log", configuration.index.stream.logForClients)]
            ),
            (
                "status",
                [
                    ("report", configuration.status.report.forClients),
                    ("log", configuration.status.stream.logForClients),
                ]
            ),
        ]
        guard let context = try? configuration.makeContext() else { return }
        for role in roles {
            guard SocketExamination.isRunning("\(configuration.stateDirectory)/\(role.name)") else {
                findings.append(
                    .odd(role.name, "it does not run", "systemctl start dropwire-\(role.name), or `dropwire up`"))
                continue
            }
            for (name, endpoints) in role.sockets { ask(role.name, name, endpoints, context) }
        }
    }

    /// Whether a process holds the lock of a role's state directory.
    private static func isRunning(_ directory: String) -> Bool {
        let descriptor = open("\(directory)/lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    private mutating func ask(_ role: String, _ name: String, _ endpoints: [String], _ context: Context) {
        guard !endpoints.isEmpty else { return }
        let subject = "\(role), \(name)"
        let client = CommandClient(context: context, endpoints: endpoints)
        do {
            _ = try client.request("PING", deadline: SocketExamination.patience)
            findings.append(.fine(subject, "it answers at \(endpoints[0])"))
        } catch let error as WireError {
            // Whoever refuses has answered; some sockets know no PING.
            let isHere = error.code == WireError.Code.notFound.rawValue
            findings.append(
                isHere
                    ? .fine(subject, "it answers at \(endpoints[0])")
                    : .bad(subject, "it refuses: \(error.message)", "see the log of dropwire-\(role)"))
        } catch {
            findings.append(
                .bad(
                    subject, "\(error)",
                    "see journalctl -u dropwire-\(role); `systemctl restart dropwire-\(role)` loses nothing"))
        }
    }
}
