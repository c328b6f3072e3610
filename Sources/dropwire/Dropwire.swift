import Glibc
import Linux
import Messaging
import Systemd
import Telemetry

/// The program: one executable, a subcommand a role or tool. It finds the command, runs it, and turns what it throws into
/// a sentence and an exit code of sysexits.h: 0 done or drained, 1 failed, 64 usage, 78 configuration.
@main
enum Dropwire {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        ProcessInformation.raiseOpenFileLimit()
        let isUnderJournal = Journal.isStandardError
        var send: Logger.Send?
        if isUnderJournal, let journal = JournalSocket() { send = { fields in journal.send(fields) } }
        Logger.configure(level: logLevel(), form: isUnderJournal ? .journal : .plain, send: send)
        exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    /// Every command, in the order of the help.
    static let commands: [Command] = [
        .up, .watch, .deduplicate, .index, .summarize, .status, .top, .tail, .replay, .search, .show, .export, .why,
        .original, .savedSearch, .webhook, .reindex, .submit, .quarantine, .failures, .group, .consumer, .dead, .held,
        .kill, .erase, .pause, .resume, .reload, .parse, .checkConfig, .allow, .keygen, .token, .doctor, .backup,
        .restore, .log, .completion, .man,
    ]

    private static func run(_ arguments: [String]) -> Int32 {
        guard let first = arguments.first else {
            Output.error(Help.program(commands))
            return ExitCode.usage
        }
        switch first {
        case "--help", "-h", "help":
            let named = arguments.dropFirst().first.flatMap { name in commands.first { $0.name == name } }
            Output.line(named.map(Help.command) ?? Help.program(commands))
            return ExitCode.done
        case "--version":
            Output.line("dropwire \(Version.text)")
            return ExitCode.done
        default: break
        }
        guard let command = commands.first(where: { $0.name == first }) else {
            let known = commands.map(\.name)
            Output.error(
                "dropwire: there is no command '\(first)'\(Suggestion.text(for: first, among: known)); see dropwire --help"
            )
            return ExitCode.usage
        }
        do {
            guard let parsed = try ParsedArguments(Array(arguments.dropFirst()), of: command) else {
                Output.line(Help.command(command))
                return ExitCode.done
            }
            return try command.run(parsed)
        } catch let error as UsageError {
            Output.error("dropwire \(command.name): \(error.description); see dropwire \(command.name) --help")
            return ExitCode.usage
        } catch {
            return Ending.tell(of: error, command.name)
        }
    }

    private static func logLevel() -> Logger.Level {
        let name = getenv("DROPWIRE_LOG_LEVEL").map { String(cString: $0) } ?? "info"
        return Logger.Level.allCases.first { "\($0)" == name } ?? .info
    }
}
