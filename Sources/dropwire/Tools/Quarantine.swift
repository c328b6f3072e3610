import Articles
import Messaging
import ZeroMQ

extension Command {
    static let quarantine = Command(
        name: "quarantine",
        summary: "list quarantined files, or try them again",
        explanation: """
            list              what lies in the quarantine of each drop directory, and why
            retry NAME…       drop these files again
            retry --all       drop all of them again
            """,
        options: [Command.Option("--all", "with retry: every file"), .config, .json], operands: "list|retry [NAME…]",
        run: { try QuarantineTool.run($0) })
}

/// `dropwire quarantine`: asks the watcher, which owns the directories.
enum QuarantineTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard let action = arguments.operands.first else { throw UsageError("list or retry is asked for") }
        let names = Array(arguments.operands.dropFirst())
        let configuration = try Configuration.load(for: arguments)
        let client = CommandClient(context: try Context(), endpoints: [configuration.watch.admin.description])
        switch action {
        case "list":
            guard names.isEmpty else { throw UsageError("list takes no names") }
            return list(try ask(client, "list", [], isAll: true), isJSON: arguments.has("--json"))
        case "retry":
            guard names.isEmpty == arguments.has("--all") else { throw UsageError("retry takes names, or --all") }
            return retried(try ask(client, "retry", names, isAll: names.isEmpty), isJSON: arguments.has("--json"))
        default: throw UsageError("'\(action)' is neither list nor retry")
        }
    }

    private static func ask(_ client: CommandClient, _ action: String, _ names: [String], isAll: Bool) throws
        -> JSONValue
    {
        let json = Reply { writer in
            writer.field("action", action)
            writer.field("names", names)
            writer.field("all", isAll)
        }.json
        return JSONText.read(try client.request("QUARANTINE", json: json, deadline: .seconds(30)).json)
    }

    private static func list(_ reply: JSONValue, isJSON: Bool) -> Int32 {
        let files = reply["files"]?.arrayValue ?? []
        for file in files {
            if isJSON {
                printLine(file)
                continue
            }
            func text(_ name: String) -> String { JSONText.terminalSafe(file[name]?.stringValue ?? "") }
            Output.line("\(text("name"))  \(text("code"))")
            Output.line("    \(text("message"))")
            if !text("hint").isEmpty { Output.line("    \(text("hint"))") }
        }
        if files.isEmpty { Output.error("the quarantine is empty") }
        return ExitCode.done
    }

    private static func retried(_ reply: JSONValue, isJSON: Bool) -> Int32 {
        if isJSON {
            printLine(reply)
        } else {
            for name in reply["retried"]?.arrayValue ?? [] {
                Output.line("dropped again: \(JSONText.terminalSafe(name.stringValue ?? ""))")
            }
            for name in reply["missing"]?.arrayValue ?? [] {
                Output.error("not in the quarantine: \(JSONText.terminalSafe(name.stringValue ?? ""))")
            }
        }
        let failed = reply["failed"]?.arrayValue ?? []
        if !isJSON {
            for text in failed { Output.error("not dropped again: \(JSONText.terminalSafe(text.stringValue ?? ""))") }
        }
        let isComplete = failed.isEmpty && reply["missing"]?.arrayValue?.isEmpty ?? true
        return isComplete ? ExitCode.done : ExitCode.failed
    }

    private static func printLine(_ value: JSONValue) {
        var writer = JSONWriter()
        value.write(to: &writer)
        Output.line(String(decoding: writer.bytes, as: UTF8.self))
    }
}
