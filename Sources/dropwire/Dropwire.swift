import Glibc
import Linux
import Messaging
import Systemd
import TOML
import Telemetry

/// The program: one executable, a subcommand a role or tool. It finds the command, runs it, and turns what it throws into
/// a sentence and an exit code of sysexits.h: 0 done or drained, 1 failed, 64 usage, 78 configuration.
@main
enum Dropwire {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        ProcessInformation.raiseOpenFileLimit()
        Logger.configure(level: logLevel(), form: Journal.isStandardError ? .journal : .plain)
        exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    /// Every command, in the order of the help.
    static let commands: [Command] = [
        .up, .watch, .deduplicate, .index, .summarize, .status, .tail, .search, .show, .export, .why, .original,
        .savedSearch, .webhook, .reindex, .submit, .quarantine, .held, .kill, .erase, .pause, .resume, .reload, .parse,
        .checkConfig, .log,
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
        } catch let error as TOMLError {
            Output.error("\(error)")
            return ExitCode.configuration
        } catch let error as ConfigurationError {
            Output.error("dropwire \(command.name): \(error)")
            return ExitCode.configuration
        } catch {
            Output.error("dropwire \(command.name): \(error)")
            return ExitCode.failed
        }
    }

    private static func logLevel() -> Logger.Level {
        let name = getenv("DROPWIRE_LOG_LEVEL").map { String(cString: $0) } ?? "info"
        return Logger.Level.allCases.first { "\($0)" == name } ?? .info
    }
}

/// The exit codes of sysexits.h that the program uses.
enum ExitCode {
    /// Done, or drained.
    static let done: Int32 = 0
    static let failed: Int32 = 1
    /// EX_USAGE
    static let usage: Int32 = 64
    /// EX_CONFIG
    static let configuration: Int32 = 78
}

/// A problem of the configuration as a whole, beyond what a place in the file can show.
struct ConfigurationError: Error, CustomStringConvertible {
    let description: String
}
