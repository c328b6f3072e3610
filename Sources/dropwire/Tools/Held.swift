import Articles
import Messaging
import ZeroMQ

extension Command {
    static let held = Command(
        name: "held",
        summary: "list articles that wait for the end of their embargo, or release some",
        actions: [
            Command.Action("list", "what is held, until when, and the file that it came in"),
            Command.Action("release", "ID…", "publish these articles now, before their time"),
        ],
        explanation: """
            release takes ids as list shows them, or --all. None of an article's words are shown;
            `dropwire original FILE` prints the file that it came in. An article that is not to
            be published at all is taken away by a kill: drop a canceled version of it.
            """,
        options: [Command.Option("--all", "with release: every article"), .watcher, .config, .json],
        operands: "[ID…]", failure: "where one of them is not held",
        examples: [Command.Example("dropwire held list", "See what waits, and until when.")],
        run: { try HeldTool.run($0) })
}

/// `dropwire held`: asks the watcher, which holds them.
enum HeldTool {
    /// Ids of one request: its json frame has an end.
    private static let idsAtOnce = 50

    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard let action = arguments.operands.first else { throw UsageError("list or release is asked for") }
        let ids = Array(arguments.operands.dropFirst())
        switch action {
        case "list":
            guard ids.isEmpty, !arguments.has("--all") else { throw UsageError("list takes no ids, and shows all") }
        case "release":
            guard ids.isEmpty == arguments.has("--all") else { throw UsageError("release takes ids, or --all") }
            if let other = ids.first(where: { ArticleID($0) == nil }) {
                throw UsageError(
                    "'\(JSONText.terminalSafe(other))' is no id: that is 32 hexadecimal digits, as list shows them")
            }
        default: throw UsageError("'\(JSONText.terminalSafe(action))' is neither list nor release")
        }
        let configuration = try Configuration.load(for: arguments)
        let context = try configuration.makeContext()
        let endpoints = try WatcherAddress.admin(arguments, configuration, context)
        let line = Line(client: CommandClient(context: context, endpoints: endpoints))
        let isJSON = arguments.has("--json")
        return try action == "list" ? list(line, isJSON: isJSON) : release(line, ids, isJSON: isJSON)
    }

    /// The way to the watcher.
    struct Line {
        let client: CommandClient

        /// Asks for something about some articles, or about those behind a place, or about all.
        func ask(_ action: String, ids: [String]? = nil, after: Int64? = nil) throws -> JSONValue {
            let json = Reply { writer in
                writer.field("action", action)
                if let ids {
                    writer.array("ids", ids)
                } else {
                    writer.field("all", true)
                }
                writer.field("after", after)
            }.json
            return JSONText.read(try client.request("HELD", json: json, deadline: .seconds(60)).json)
        }
    }

    private static func list(_ line: Line, isJSON: Bool) throws -> Int32 {
        var after: Int64?
        var count = 0
        repeat {
            let reply = try line.ask("list", after: after)
            for article in reply["articles"]?.arrayValue ?? [] {
                count += 1
                if isJSON { Output.line(article) } else { for line in lines(of: article) { Output.line(line) } }
            }
            after = reply["next"]?.integerValue
        } while after != nil
        if count == 0 { Output.error("nothing is held") }
        return ExitCode.done
    }

    /// What a person sees of a held article.
    static func lines(of article: JSONValue) -> [String] {
        func text(_ name: String) -> String { JSONText.terminalSafe(article[name]?.stringValue ?? "") }
        let part = article["part"]?.integerValue ?? 1
        let version = text("version").isEmpty ? "" : "  version \(text("version"))"
        var lines = ["\(text("id"))  held until \(text("until"))"]
        lines.append("    \(text("directory"))/\(text("path"))" + (part > 1 ? "  part \(part)" : ""))
        lines.append("    \(text("source"))" + (text("uri").isEmpty ? "" : "  \(text("uri"))") + version)
        return lines
    }

    private static func release(_ line: Line, _ ids: [String], isJSON: Bool) throws -> Int32 {
        var isComplete = true
        func tell(_ reply: JSONValue) {
            let missing = reply["missing"]?.arrayValue ?? []
            if !missing.isEmpty { isComplete = false }
            if isJSON { return Output.line(reply) }
            for id in reply["released"]?.arrayValue ?? [] { Output.line("released: \(id.stringValue ?? "")") }
            for id in missing { Output.error("not held: \(id.stringValue ?? "")") }
        }
        if ids.isEmpty {
            var reply: JSONValue
            repeat {
                reply = try line.ask("release")
                tell(reply)
            } while reply["more"] == .boolean(true)
        }
        for start in stride(from: 0, to: ids.count, by: idsAtOnce) {
            tell(try line.ask("release", ids: Array(ids[start..<min(ids.count, start + idsAtOnce)])))
        }
        return isComplete ? ExitCode.done : ExitCode.failed
    }
}
