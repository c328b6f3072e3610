import Articles
import Messaging
import ZeroMQ

extension Command {
    static let reload = Command(
        name: "reload",
        summary: "let the running watcher read its configuration again",
        explanation: """
            Drop directories that are new are watched, those that are gone are let go, and keys
            that have changed take effect, with the size and the retention of the log. What
            needs a restart is named. A configuration with a mistake changes nothing: each is
            printed, with exit code 78. SIGHUP does the same.
            """,
        options: [.watcher, .config, .json],
        examples: [
            Command.Example("dropwire check-config && dropwire reload", "Check a change, and make it take effect.")
        ],
        run: { try ReloadTool.run($0) })
}

/// `dropwire reload`: asks the watcher.
enum ReloadTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        let configuration: Configuration
        do {
            configuration = try Configuration.load(for: arguments)
        } catch {
            // The watcher would find the same, and where it is reached stands in what cannot be read.
            Output.error("\(error)\n\(unchanged)")
            return ExitCode.configuration
        }
        let context = try configuration.makeContext()
        let client = CommandClient(
            context: context, endpoints: try WatcherAddress.admin(arguments, configuration, context))
        let reply = try client.request("RELOAD", deadline: .seconds(30))
        let outcome = JSONText.read(reply.json)
        let isReloaded = outcome["reloaded"] == .boolean(true)
        if arguments.has("--json") {
            Output.line(reply.json)
        } else if isReloaded {
            for line in lines(outcome) { Output.line(JSONText.terminalSafe(line)) }
        } else {
            for problem in outcome["problems"]?.arrayValue ?? [] { Output.error(JSONText.terminalSafe(text(problem))) }
            Output.error(unchanged)
        }
        return isReloaded ? ExitCode.done : ExitCode.configuration
    }

    private static let unchanged = "dropwire reload: nothing was changed; the watcher goes on as before"

    private static func lines(_ outcome: JSONValue) -> [String] {
        func texts(_ name: String) -> [String] { (outcome[name]?.arrayValue ?? []).compactMap(\.stringValue) }
        var lines = texts("added").map { "added    \($0)" } + texts("removed").map { "removed  \($0)" }
        for directory in outcome["changed"]?.arrayValue ?? [] {
            let keys = (directory["keys"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ", ")
            lines.append("changed  \(directory["path"]?.stringValue ?? ""): \(keys)")
        }
        lines += texts("keys").map { "changed  \($0)" }
        if lines.isEmpty { lines.append("nothing that takes effect now has changed") }
        if outcome["in_force"] == .boolean(false) { lines.append("it takes effect after the batch in hand") }
        return lines + texts("needs_restart").map { "needs a restart: \($0)" }
    }

    private static func text(_ problem: JSONValue) -> String {
        let place = [
            problem["file"]?.stringValue, problem["line"]?.integerValue.map(String.init),
            problem["column"]?.integerValue.map(String.init),
        ].compactMap { $0 }.joined(separator: ":")
        return [place, problem["key"]?.stringValue, problem["message"]?.stringValue].compactMap { $0 }
            .joined(separator: ": ")
    }
}
