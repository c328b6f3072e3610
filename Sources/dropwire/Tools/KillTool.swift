import Articles
import Messaging
import ZeroMQ

extension Command {
    static let kill = Command(
        name: "kill",
        summary: "withdraw an article, with all of its versions and for ever",
        explanation: """
            Publishes a kill of the article that SOURCE calls URI, as if its publisher had canceled
            it: index, status page and the stream of unique articles do not show it any more,
            consumers are told, and what comes of it later is not published. What stands on the
            log stays there until its time ends. It cannot be taken back.
            """,
        options: [
            Command.Option("--note", "TEXT", "why, for people: it stands in the record"), .watcher, .config,
            .json,
        ], operands: "SOURCE URI",
        examples: [
            Command.Example("dropwire kill --note \"names a minor\" bbc urn:bbc:4711", "Withdraw an article.")
        ],
        run: { try KillTool.run($0) })
}

/// `dropwire kill`: asks the watcher, which has the log.
enum KillTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard arguments.operands.count == 2, !arguments.operands.contains("") else {
            throw UsageError("SOURCE and URI say which article")
        }
        let configuration = try Configuration.load(for: arguments)
        let context = try configuration.makeContext()
        let client = CommandClient(
            context: context, endpoints: try WatcherAddress.admin(arguments, configuration, context))
        let json = Reply { writer in
            writer.field("source", arguments.operands[0])
            writer.field("uri", arguments.operands[1])
            writer.field("ed_note", arguments.value("--note"))
        }.json
        let reply = try client.request("KILL", json: json, deadline: .seconds(30))
        if arguments.has("--json") {
            Output.line(reply.json)
        } else {
            let seq = JSONText.read(reply.json)["first_seq"]?.integerValue ?? 0
            Output.line("withdrawn: \(JSONText.terminalSafe(arguments.operands[1])) (record \(seq))")
        }
        return ExitCode.done
    }
}
