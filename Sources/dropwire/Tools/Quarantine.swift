import Articles
import Linux
import Messaging
import TOML
import ZeroMQ

extension Command {
    static let quarantine = Command(
        name: "quarantine",
        summary: "list quarantined files, look at one, try them again or give them up",
        actions: [
            Command.Action("list", "what lies in the quarantine of each drop directory, and why"),
            Command.Action("show", "NAME", "the reason, and the place in the file that is the cause"),
            Command.Action("retry", "NAME…", "drop these files again"),
            Command.Action("discard", "NAME…", "give these files up: they are recorded as discarded and removed"),
        ],
        explanation: """
            retry and discard take names as list shows them, or --all. --code, --source and
            --older-than choose among them.
            """,
        options: [
            Command.Option("--all", "with retry and discard: every file"),
            Command.Option("--code", "CODE", "only those with this reason code"),
            Command.Option("--source", "NAME", "only those of this source"),
            Command.Option("--older-than", "AGE", "only those quarantined longer ago than this, for example 7d"),
            .watcher, .config, .json,
        ],
        operands: "[NAME…]", failure: "where one of them could not be changed",
        examples: [
            Command.Example("dropwire quarantine list", "See what lies there, and why."),
            Command.Example("dropwire quarantine retry --all --source bbc", "Try everything of one source again."),
            Command.Example("dropwire quarantine discard --all --older-than 30d", "Give up what is old."),
        ],
        run: { try QuarantineTool.run($0) })
}

/// `dropwire quarantine`: asks the watcher, which owns the directories.
enum QuarantineTool {
    /// Names of one request: its json frame has an end.
    private static let namesAtOnce = 50

    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard let action = arguments.operands.first else {
            throw UsageError("list, show, retry or discard is asked for")
        }
        let names = Array(arguments.operands.dropFirst())
        switch action {
        case "list": guard names.isEmpty else { throw UsageError("list takes no names") }
        case "show": guard names.count == 1 else { throw UsageError("show takes one name") }
        case "retry", "discard":
            guard names.isEmpty == arguments.has("--all") else { throw UsageError("\(action) takes names, or --all") }
        default: throw UsageError("'\(action)' is none of list, show, retry and discard")
        }
        let filter = try Filter(arguments)
        let configuration = try Configuration.load(for: arguments)
        let context = try configuration.makeContext()
        let endpoints = try WatcherAddress.admin(arguments, configuration, context)
        let line = Line(
            client: CommandClient(context: context, endpoints: endpoints), action: action, filter: filter)
        let isJSON = arguments.has("--json")
        switch action {
        case "list": return try list(line, isJSON: isJSON)
        case "show": return try QuarantinedFilePrinter.show(line.ask(names: names), isJSON: isJSON)
        default: return try change(line, names, isJSON: isJSON)
        }
    }

    /// Which files are meant.
    private struct Filter {
        var code: String?
        var source: String?
        var olderThan: Int64?

        init(_ arguments: ParsedArguments) throws(UsageError) {
            code = arguments.value("--code")
            source = arguments.value("--source")
            guard let text = arguments.value("--older-than") else { return }
            guard let age = ConfiguredDuration(text) else {
                throw UsageError("--older-than is a number and a unit, such as 12h or 7d, not '\(text)'")
            }
            olderThan = age.duration.wholeMilliseconds
        }
    }

    private struct Line {
        let client: CommandClient
        let action: String
        let filter: Filter

        /// Asks for names, or for the part of all files that begins at a place.
        func ask(names: [String]? = nil, after: String? = nil) throws -> Reply {
            let json = Reply { writer in
                writer.field("action", action)
                if let names {
                    writer.array("names", names)
                } else {
                    writer.field("all", true)
                }
                writer.field("code", filter.code)
                writer.field("source", filter.source)
                writer.field("older_than_ms", filter.olderThan)
                writer.field("after", after)
            }.json
            return try client.request("QUARANTINE", json: json, deadline: .seconds(60))
        }

        /// Asks for everything, part by part.
        func askAll(_ body: (JSONValue) -> Void) throws {
            var after: String?
            repeat {
                let reply = JSONText.read(try ask(after: after).json)
                body(reply)
                after = reply["next"]?.stringValue
            } while after != nil
        }
    }

    private static func list(_ line: Line, isJSON: Bool) throws -> Int32 {
        var count = 0
        try line.askAll { reply in
            for file in reply["files"]?.arrayValue ?? [] {
                count += 1
                if isJSON { Output.line(file) } else { QuarantinedFilePrinter.summary(file) }
            }
        }
        if count == 0 { Output.error("the quarantine is empty") }
        return ExitCode.done
    }

    private static func change(_ line: Line, _ names: [String], isJSON: Bool) throws -> Int32 {
        let (key, done, not) =
            line.action == "retry"
            ? ("retried", "dropped again", "not dropped again") : ("discarded", "discarded", "not discarded")
        var isComplete = true
        func tell(_ reply: JSONValue) {
            let missing = reply["missing"]?.arrayValue ?? []
            let failed = reply["failed"]?.arrayValue ?? []
            if !missing.isEmpty || !failed.isEmpty { isComplete = false }
            if isJSON { return Output.line(reply) }
            func text(_ value: JSONValue) -> String { JSONText.terminalSafe(value.stringValue ?? "") }
            for name in reply[key]?.arrayValue ?? [] { Output.line("\(done): \(text(name))") }
            for name in missing { Output.error("not in the quarantine: \(text(name))") }
            for name in failed { Output.error("\(not): \(text(name))") }
        }
        if names.isEmpty { try line.askAll(tell) }
        for start in stride(from: 0, to: names.count, by: namesAtOnce) {
            let some = Array(names[start..<min(names.count, start + namesAtOnce)])
            tell(JSONText.read(try line.ask(names: some).json))
        }
        return isComplete ? ExitCode.done : ExitCode.failed
    }
}

extension Output {
    /// Writes a JSON value as a line to standard output.
    static func line(_ value: JSONValue) {
        var writer = JSONWriter()
        value.write(to: &writer)
        line(writer.bytes)
    }
}
