import Articles
import Linux
import Messaging

extension Command {
    static let consumer = Command(
        name: "consumer",
        summary: "list who reads a stream and how far they are, or forget one",
        actions: [
            Command.Action("list", "every consumer that has told the log its place, with its lag"),
            Command.Action("forget", "NAME", "a consumer that is no more; one that comes again is known again"),
        ],
        explanation: """
            Retention waits for those named in [watch] hold. One that is named there and forgotten
            holds it from the oldest record on: take it out of hold, too.
            """,
        options: [LogLine.option, .watcher, .config, .json], operands: "[NAME]",
        failure: "where there is no such consumer",
        examples: [Command.Example("dropwire consumer list --stream unique", "See who reads the unique articles.")],
        run: { try ConsumerTool.run($0) })
}

/// `dropwire consumer`: asks the log of the stream.
enum ConsumerTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard let action = arguments.operands.first else { throw UsageError("list or forget is asked for") }
        let names = Array(arguments.operands.dropFirst())
        switch action {
        case "list": guard names.isEmpty else { throw UsageError("list takes no name") }
        case "forget": guard names.count == 1 else { throw UsageError("forget takes the name of one consumer") }
        default: throw UsageError("'\(JSONText.terminalSafe(action))' is neither list nor forget")
        }
        let line = try LogLine(arguments, try Configuration.load(for: arguments), tool: "consumer")
        let isJSON = arguments.has("--json")
        guard action == "forget" else { return try list(line, isJSON: isJSON) }
        let reply = try line.ask("CONSUMER") { writer in
            writer.field("consumer", names[0])
            writer.field("action", "forget")
        }
        let existed = reply["existed"] == .boolean(true)
        let name = JSONText.terminalSafe(names[0])
        if isJSON {
            Output.line(reply)
        } else if existed {
            Output.line("forgotten: \(name)")
        } else {
            Output.error("dropwire consumer: '\(name)' is not known on \(line.name)")
        }
        return existed ? ExitCode.done : ExitCode.failed
    }

    private static func list(_ line: LogLine, isJSON: Bool) throws -> Int32 {
        var columns = ListColumns("CONSUMER", "PLACE", "WAITING", "OLDEST", "SEEN", "STATE")
        let now = Clocks.wallMilliseconds()
        try line.list("CONSUMER", "consumers") { consumer in
            if isJSON { return Output.line(consumer) }
            columns.addConsumer(consumer, now: now)
        }
        if !isJSON { for line in columns.lines { Output.line(line) } }
        return ExitCode.done
    }
}
