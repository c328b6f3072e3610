import Articles
import Linux
import Messaging

extension Command {
    static let group = Command(
        name: "group",
        summary: "look after work that several workers share",
        actions: [
            Command.Action("list", "every group: what waits, is out and is dead"),
            Command.Action("show", "NAME", "one group, with its topics and those who hold something"),
            Command.Action("create", "NAME", "make a group; --topic, --from and --max-attempts say of what"),
            Command.Action("pause", "NAME", "give nothing out any more; what is out may be ended"),
            Command.Action("resume", "NAME", "go on"),
            Command.Action("reset", "NAME", "begin again at --from; what is open and dead is forgotten"),
            Command.Action("delete", "NAME", "forget the group"),
        ],
        explanation: """
            `dropwire dead` lists, retries and discards dead letters.
            """,
        options: [
            Command.Option(
                "--from", "SEQ|TIME", "with create and reset: first, end, the record to begin with, or a time"),
            Command.Option("--topic", "PREFIX", "with create: only topics that begin so (may be repeated)"),
            Command.Option("--max-attempts", "N", "with create: attempts before a record is a dead letter (5)"),
            LogLine.option, .watcher, .config, .json,
        ], operands: "[NAME]",
        examples: [
            Command.Example(
                "dropwire group create translate --topic art/ --from first",
                "Share the articles that are there, and come, between workers of your own.")
        ],
        run: { try GroupTool.run($0) })
}

/// `dropwire group`: asks the log of the stream.
enum GroupTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard let action = arguments.operands.first else {
            throw UsageError("list, show, create, pause, resume, reset or delete is asked for")
        }
        let names = Array(arguments.operands.dropFirst())
        switch action {
        case "list": guard names.isEmpty else { throw UsageError("list takes no name") }
        case "show", "create", "pause", "resume", "reset", "delete":
            guard names.count == 1 else { throw UsageError("\(action) takes the name of one group") }
        default:
            throw UsageError(
                "'\(JSONText.terminalSafe(action))' is none of list, show, create, pause, resume, reset and delete")
        }
        let from = try from(arguments)
        guard action != "reset" || from != nil else {
            throw UsageError("reset needs --from: first, end, a sequence number or a time")
        }
        let attempts = try arguments.integer("--max-attempts", in: 1...1000)
        let line = try LogLine(arguments, try Configuration.load(for: arguments), tool: "group")
        let isJSON = arguments.has("--json")
        if action == "list" { return try list(line, isJSON: isJSON) }
        do {
            let reply = try line.ask("GROUP") { writer in
                writer.field("group", names[0])
                writer.field("dead_max", 0)
                if action != "show" { writer.field("action", action) }
                if action == "reset", let from { write(from, to: &writer) }
                guard action == "create" else { return }
                writer.key("create")
                writer.beginObject()
                writer.array("topics", arguments.all("--topic"))
                if let from { write(from, to: &writer) }
                writer.field("max_attempts", attempts)
                writer.endObject()
            }
            return tell(reply, action, names[0], isJSON: isJSON)
        } catch let error as WireError where error.code == WireError.Code.notFound.rawValue {
            Output.error("dropwire group: there is no group '\(JSONText.terminalSafe(names[0]))' on \(line.name)")
            return ExitCode.failed
        }
    }

    private static func from(_ arguments: ParsedArguments) throws(UsageError) -> NamedPlace? {
        guard let text = arguments.value("--from") else { return nil }
        return try NamedPlace(text, option: "--from")
    }

    private static func write(_ place: NamedPlace, to writer: inout JSONWriter) {
        switch place {
        case .first: writer.field("from", "first")
        case .end: writer.field("from", "end")
        // The command line names the record to begin with, the wire the one before it.
        case .seq(let seq): writer.field("from", max(seq, 1) - 1)
        case .cursor(let cursor): writer.field("from", cursor.seq)
        case .time(let milliseconds):
            writer.key("from")
            writer.beginObject()
            writer.field("time_ms", milliseconds)
            writer.endObject()
        }
    }

    private static func list(_ line: LogLine, isJSON: Bool) throws -> Int32 {
        var columns = ListColumns("GROUP", "SETTLED", "WAITING", "OLDEST", "OPEN", "DEAD", "OWNERS", "STATE")
        try line.list("GROUP", "groups") { group in
            if isJSON { return Output.line(group) }
            columns.addGroup(group)
        }
        if !isJSON { for line in columns.lines { Output.line(line) } }
        return ExitCode.done
    }

    private static func tell(_ reply: JSONValue, _ action: String, _ name: String, isJSON: Bool) -> Int32 {
        let isDeleted = reply["existed"] != .boolean(false)
        if isJSON {
            Output.line(reply)
        } else if action == "delete" {
            let name = JSONText.terminalSafe(name)
            if isDeleted { Output.line("deleted: \(name)") } else { Output.error("there was no group '\(name)'") }
        } else {
            var columns = ListColumns("GROUP", "SETTLED", "WAITING", "OLDEST", "OPEN", "DEAD", "OWNERS", "STATE")
            columns.addGroup(reply)
            for line in columns.lines { Output.line(line) }
            if action == "create", reply["created"] == .boolean(false) { Output.error("it was there already") }
            if action == "show" || action == "create" { details(reply) }
        }
        return action == "delete" && !isDeleted ? ExitCode.failed : ExitCode.done
    }

    private static func details(_ group: JSONValue) {
        func texts(_ name: String) -> String {
            (group[name]?.arrayValue ?? []).compactMap(\.stringValue).map(JSONText.terminalSafe).joined(separator: " ")
        }
        Output.line("topics    \(texts("topics").isEmpty ? "all" : texts("topics"))")
        Output.line("attempts  \(group["max_attempts"]?.integerValue ?? 0) at most")
        if !texts("owners").isEmpty { Output.line("owners    \(texts("owners"))") }
    }
}

extension ListColumns {
    /// Adds a group as GROUP and the heartbeats have it.
    ///
    /// - Parameter stream: its stream's name, where there is a column for that.
    mutating func addGroup(_ group: JSONValue, of stream: String? = nil) {
        func number(_ name: String) -> Int64 { group[name]?.integerValue ?? 0 }
        var state = group["paused"] == .boolean(true) ? ["paused"] : []
        if group["holds"] == .boolean(true) { state.append("holds retention") }
        add(
            [group["group"]?.stringValue ?? ""] + [stream].compactMap(\.self) + [
                "\(number("floor"))", "\(number("lag"))",
                number("lag_ms") == 0 ? "–" : ListColumns.span(number("lag_ms")), "\(number("inflight"))",
                "\(number("dead_count"))", "\(number("owner_count"))", state.joined(separator: ", "),
            ])
    }

    /// Adds a consumer as CONSUMER and the heartbeats have it.
    ///
    /// - Parameter stream: its stream's name, where there is a column for that.
    mutating func addConsumer(_ consumer: JSONValue, of stream: String? = nil, now: Int64) {
        func number(_ name: String) -> Int64 { consumer[name]?.integerValue ?? 0 }
        var state = consumer["holds"] == .boolean(true) ? ["holds retention"] : []
        if number("lost") > 0 { state.append("has lost \(number("lost")) records") }
        let seen = consumer["seen_ms"]?.integerValue.map { "\(ListColumns.span(max(0, now - $0))) ago" }
        add(
            [consumer["consumer"]?.stringValue ?? ""] + [stream].compactMap(\.self) + [
                "\(number("after"))", "\(number("lag"))",
                number("lag_ms") == 0 ? "–" : ListColumns.span(number("lag_ms")), seen ?? "never",
                state.joined(separator: ", "),
            ])
    }
}
