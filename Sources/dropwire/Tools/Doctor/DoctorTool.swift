import Messaging
import TOML

extension Command {
    static let doctor = Command(
        name: "doctor",
        summary: "look whether everything is as it should be, and say what to do",
        explanation: """
            Looks at the configuration, the databases, the sockets, the directories, the clock, the
            limits of the system and the modes of key files. It changes nothing, and works as well
            while nothing runs; run it as the user of the services, or as root.
            """,
        options: [
            .config, Command.Option("--all", "print also what is fine"),
            Command.Option("--json", "print one JSON object a finding"),
        ], failure: "where something is bad",
        examples: [
            Command.Example(
                "sudo -u dropwire dropwire doctor --all",
                "Look at everything as the user of the services.")
        ], run: { try DoctorTool.run($0) })
}

/// `dropwire doctor`.
enum DoctorTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        var counts: [Finding.State: Int] = [:]
        func tell(_ findings: [Finding]) {
            for finding in findings {
                counts[finding.state, default: 0] += 1
                if arguments.has("--json") {
                    Output.line(finding.json)
                } else if finding.state != .fine || arguments.has("--all") {
                    for line in finding.lines { Output.line(line) }
                }
            }
        }
        do throws(TOMLError) {
            let loaded = try LoadedConfiguration(for: arguments)
            let configuration = loaded.configuration
            tell(ConfigurationExamination(loaded).findings)
            tell(DirectoryExamination(configuration).findings)
            tell(DatabaseExamination(configuration).findings)
            tell(SocketExamination(configuration).findings)
            tell(SystemExamination(configuration).findings)
        } catch {
            tell(
                error.problems.map { .bad("configuration", "\($0)", "mend it; `dropwire check-config` shows it alone") }
            )
        }
        let (bad, odd) = (counts[.bad] ?? 0, counts[.odd] ?? 0)
        if !arguments.has("--json") {
            Output.line("\(counts[.fine] ?? 0) fine, \(odd) odd, \(bad) bad")
        }
        return bad == 0 ? ExitCode.done : ExitCode.failed
    }
}
