import Articles
import Linux
import Messaging
import ZeroMQ

extension Command {
    static let pause = Command(
        name: "pause",
        summary: "let nothing be taken from a drop directory, or from any",
        explanation: """
            What is in hand finishes; what is dropped waits and is counted. Without DIR it holds
            for all directories. A pause outlives a restart of the watcher, until
            `dropwire resume`.
            """,
        options: [.watcher, .config, .json], operands: "[DIR]",
        examples: [
            Command.Example("dropwire pause /srv/dropwire/incoming", "Let files wait while a producer is repaired.")
        ],
        run: { try PauseTool.run($0, "PAUSE") })

    static let resume = Command(
        name: "resume",
        summary: "end the pause of a drop directory, or every pause",
        options: [.watcher, .config, .json], operands: "[DIR]",
        examples: [Command.Example("dropwire resume", "Go on everywhere.")],
        run: { try PauseTool.run($0, "RESUME") })
}

/// `dropwire pause` and `dropwire resume`: ask the watcher.
enum PauseTool {
    private struct Answer: Decodable {
        var inForce: Bool
        var pausedSince: Int64?
        var directories: [DirectoryStatus]

        enum CodingKeys: String, CodingKey {
            case directories
            case inForce = "in_force"
            case pausedSince = "paused_since_ms"
        }
    }

    static func run(_ arguments: ParsedArguments, _ command: String) throws -> Int32 {
        guard arguments.operands.count <= 1 else { throw UsageError("one directory at most is named") }
        let directory = try arguments.operands.first.map(AbsolutePath.of)
        let configuration = try Configuration.load(for: arguments)
        let context = try configuration.makeContext()
        let client = CommandClient(
            context: context, endpoints: try WatcherAddress.admin(arguments, configuration, context))
        let json = Reply { $0.field("directory", directory) }.json
        let reply: Reply
        do {
            reply = try client.request(command, json: json, deadline: .seconds(30))
        } catch let error as WireError where error.code == WireError.Code.notFound.rawValue {
            Output.error("dropwire \(command.lowercased()): \(JSONText.terminalSafe(error.message))")
            return ExitCode.failed
        }
        if arguments.has("--json") {
            Output.line(reply.json)
        } else {
            for line in lines(try reply.decode(Answer.self)) { Output.line(JSONText.terminalSafe(line)) }
        }
        return ExitCode.done
    }

    /// What is paused now.
    private static func lines(_ answer: Answer) -> [String] {
        guard answer.inForce else { return ["it takes effect after the batch in hand"] }
        func line(_ what: String, _ since: Int64, _ waiting: Int) -> String {
            "\(what) is paused since \(Timestamp(milliseconds: since)); \(waiting) file\(waiting == 1 ? "" : "s") waiting"
        }
        var lines: [String] = []
        if let since = answer.pausedSince {
            lines.append(line("everything", since, answer.directories.reduce(0) { $0 + $1.waiting }))
        }
        for directory in answer.directories {
            if let since = directory.pausedSince { lines.append(line(directory.path, since, directory.waiting)) }
        }
        return lines.isEmpty ? ["nothing is paused"] : lines
    }
}
