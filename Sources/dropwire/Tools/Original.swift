import Articles
import Messaging
import ZeroMQ

extension Command {
    static let original = Command(
        name: "original",
        summary: "print a file as it was dropped, wherever it lies now",
        explanation: """
            FILE is a path, whole or as its drop directory has it; ID is an article's id. With
            --path it prints where the file lies: still in its drop directory, in the archive,
            or in quarantine.
            """,
        options: [.config, Command.Option("--path", "print where it lies instead of its bytes")],
        operands: "FILE|ID", failure: "where the file is not known, or is gone",
        examples: [Command.Example("dropwire original --path story.xml", "Find where a file lies now.")],
        run: { try Original.run($0) })
}

/// `dropwire original`: asks the status service which file it was, and the watcher for it.
enum Original {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard arguments.operands.count == 1 else { throw UsageError("one FILE or ID is asked for") }
        let name = arguments.operands[0]
        let configuration = try Configuration.load(for: arguments)
        let context = try configuration.makeContext()
        let status = CommandClient(context: context, endpoints: configuration.status.report.forClients)
        let journey = JSONText.read(try status.request("WHY", json: Reply { $0.field("what", name) }.json).json)
        // The last one that was read is the one that is meant.
        let files = (journey["files"]?.arrayValue ?? []).filter { $0["sha256"] != nil }
        guard let file = files.max(by: { time($0) < time($1) }) else {
            return fail("no file is known that was read and is or gave '\(name)'")
        }
        let watch = CommandClient(context: context, endpoints: endpoints(of: file, configuration, status))
        let reply: Reply
        do {
            var writer = JSONWriter(capacity: 512)
            file.write(to: &writer)
            reply = try watch.request("FILE", json: writer.bytes, deadline: .seconds(30))
        } catch let error as WireError where error.code == WireError.Code.notFound.rawValue {
            return fail(error.message)
        }
        let path = JSONText.read(reply.json)["path"]?.stringValue ?? ""
        if arguments.has("--path") {
            Output.line(path)
        } else if let content = reply.payload.first {
            Output.bytes(content)
        } else {
            return fail("the file is too large to be sent; it lies at '\(path)'")
        }
        return ExitCode.done
    }

    /// The watcher that owns the file's directory: the one on whose stream the file's record stands, or this host's where
    /// that one cannot be reached from here.
    private static func endpoints(
        of file: JSONValue, _ configuration: Configuration, _ status: CommandClient
    ) -> [String] {
        let processes = (try? StatusQueries(client: status).processes()) ?? []
        let stream = file["stream"]?.stringValue.flatMap { StreamID($0) }
        guard let owner = processes.first(where: { beat in stream.map { beat.serves($0) } ?? false }),
            let found = try? WatcherAddress.addresses(of: "admin", ServedStreams.Entry(owner))
        else { return configuration.watch.admin.forClients }
        return found
    }

    private static func time(_ file: JSONValue) -> String { file["received"]?.stringValue ?? "" }

    private static func fail(_ message: String) -> Int32 {
        Output.error("dropwire original: \(JSONText.terminalSafe(message))")
        return ExitCode.failed
    }
}
