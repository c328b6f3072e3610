import Articles
import Messaging
import ZeroMQ

extension Command {
    static let savedSearch = Command(
        name: "saved-search",
        summary: "keep searches that every later article is held against",
        actions: [
            Command.Action("add", "NAME QUERY…", "save a search, in place of the one of that name"),
            Command.Action("list", "the searches"),
            Command.Action("remove", "NAME", "forget one"),
        ],
        explanation: """
            A query is one of `dropwire search`. Whatever is indexed from then on and meets it is a
            record of type match on the topic match/NAME/: `dropwire tail --stream matches
            --topic match/NAME/` follows it, and so can your own consumers. A name is 1 to 40 of
            a-z, 0-9, '.', '_' and '-'.
            """,
        options: [.config, .json], operands: "[NAME [QUERY…]]",
        examples: [
            Command.Example("dropwire saved-search add harbour \"port OR harbour\" lang:en", "Keep a search.")
        ],
        run: { try SavedSearchTool.run($0) })
}

/// `dropwire saved-search`: asks the index, which keeps them.
enum SavedSearchTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard let action = arguments.operands.first else { throw UsageError("add, list or remove is asked for") }
        let operands = Array(arguments.operands.dropFirst())
        switch action {
        case "add":
            guard operands.count >= 2 else { throw UsageError("add takes a name and a query") }
            return try add(arguments, operands[0], operands.dropFirst().joined(separator: " "))
        case "list":
            guard operands.isEmpty else { throw UsageError("list takes nothing, and shows all") }
            return try list(arguments)
        case "remove":
            guard operands.count == 1 else { throw UsageError("remove takes one name") }
            let reply = try ask(arguments, "remove", name: operands[0])
            if arguments.has("--json") { Output.line(reply) } else { Output.line("removed: \(operands[0])") }
            return ExitCode.done
        default: throw UsageError("'\(JSONText.terminalSafe(action))' is none of add, list and remove")
        }
    }

    private static func add(_ arguments: ParsedArguments, _ name: String, _ query: String) throws -> Int32 {
        let reply = try ask(arguments, "add", name: name, query: query)
        if arguments.has("--json") {
            Output.line(reply)
        } else {
            let isReplaced = reply["replaced"] == .boolean(true)
            let topic = reply["topic"]?.stringValue ?? ""
            Output.line("\(isReplaced ? "changed" : "saved"): \(name); its matches have the topic \(topic)")
        }
        return ExitCode.done
    }

    private static func list(_ arguments: ParsedArguments) throws -> Int32 {
        var after: String?
        var count = 0
        repeat {
            let reply = try ask(arguments, "list", after: after)
            for search in reply["searches"]?.arrayValue ?? [] {
                count += 1
                func text(_ name: String) -> String { JSONText.terminalSafe(search[name]?.stringValue ?? "") }
                if arguments.has("--json") { Output.line(search) } else { Output.line("\(text("name"))  \(text("q"))") }
            }
            after = reply["next"]?.stringValue
        } while after != nil
        if count == 0 { Output.error("no searches are saved") }
        return ExitCode.done
    }

    private static func ask(
        _ arguments: ParsedArguments, _ action: String, name: String? = nil, query: String? = nil, after: String? = nil
    ) throws -> JSONValue {
        let json = Reply { writer in
            writer.field("action", action)
            writer.field("name", name)
            writer.field("q", query)
            writer.field("after", after)
        }.json
        return JSONText.read(try Search.ask(arguments, "SAVED", json).json)
    }
}
