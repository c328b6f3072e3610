import Articles
import Messaging

extension Command {
    static let webhook = Command(
        name: "webhook",
        summary: "show what waits to be posted to webhooks, and try again or drop what was given up",
        actions: [
            Command.Action("list", "every webhook of the configuration with what waits and why"),
            Command.Action("retry", "NAME", "try everything of it now, also what was given up"),
            Command.Action("discard", "NAME", "forget what was given up"),
        ],
        explanation: """
            Webhooks are [[index.webhook]] in the configuration: matches of saved searches are posted
            to them, signed, until they are taken.
            """,
        options: [.config, .json], operands: "[NAME]",
        examples: [
            Command.Example("dropwire webhook list", "See what waits, and why."),
            Command.Example("dropwire webhook retry desk", "Try again what was given up."),
        ],
        run: { try WebhookTool.run($0) })
}

/// `dropwire webhook`: asks the index, which delivers.
enum WebhookTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard let action = arguments.operands.first else { throw UsageError("list, retry or discard is asked for") }
        let names = Array(arguments.operands.dropFirst())
        switch action {
        case "list":
            guard names.isEmpty else { throw UsageError("list takes nothing, and shows all") }
            return try list(arguments)
        case "retry", "discard":
            guard names.count == 1 else { throw UsageError("\(action) takes one name") }
            let reply = try ask(arguments, action, name: names[0])
            if arguments.has("--json") {
                Output.line(reply)
            } else {
                let isRetry = action == "retry"
                let count = reply[isRetry ? "retried" : "discarded"]?.integerValue ?? 0
                Output.line("\(count) \(count == 1 ? "delivery" : "deliveries") \(isRetry ? "due now" : "discarded")")
            }
            return ExitCode.done
        default: throw UsageError("'\(JSONText.terminalSafe(action))' is none of list, retry and discard")
        }
    }

    private static func list(_ arguments: ParsedArguments) throws -> Int32 {
        let webhooks = try ask(arguments, "list")["webhooks"]?.arrayValue ?? []
        for webhook in webhooks {
            if arguments.has("--json") {
                Output.line(webhook)
            } else {
                for line in lines(of: webhook) { Output.line(line) }
            }
        }
        if webhooks.isEmpty { Output.error("no webhook is configured: [[index.webhook]]") }
        return ExitCode.done
    }

    /// What a person sees of a webhook.
    static func lines(of webhook: JSONValue) -> [String] {
        func text(_ name: String) -> String { JSONText.terminalSafe(webhook[name]?.stringValue ?? "") }
        func count(_ name: String) -> Int64 { webhook[name]?.integerValue ?? 0 }
        var lines = ["\(text("name"))  \(text("url"))"]
        let searches = (webhook["searches"]?.arrayValue ?? []).compactMap(\.stringValue).map(JSONText.terminalSafe)
        lines.append("    matches of \(searches.isEmpty ? "every saved search" : searches.joined(separator: ", "))")
        var numbers = ["\(count("delivered")) delivered", "\(count("waiting")) waiting"]
        for name in ["withdrawn", "lost"] where count(name) > 0 { numbers.append("\(count(name)) \(name)") }
        if count("dead") > 0 { numbers.append("\(count("dead")) given up") }
        lines.append("    " + numbers.joined(separator: ", "))
        if !text("trouble").isEmpty {
            lines.append("    \(text("trouble"))" + (text("due").isEmpty ? "" : "; next attempt \(text("due"))"))
        }
        return lines
    }

    private static func ask(_ arguments: ParsedArguments, _ action: String, name: String? = nil) throws -> JSONValue {
        let json = Reply { writer in
            writer.field("action", action)
            writer.field("name", name)
        }.json
        return JSONText.read(try Search.ask(arguments, "WEBHOOK", json).json)
    }
}
