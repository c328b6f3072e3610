import Articles
import Messaging
import ZeroMQ

extension Command {
    static let why = Command(
        name: "why",
        summary: "tell the journey of a file or an article",
        explanation: """
            FILE is a path, whole or as its drop directory has it; that of a marker or sidecar tells of
            its file. ID is an article's id.
            """,
        options: [.config, .json], operands: "FILE|ID",
        failure: "where nothing is known of it",
        examples: [Command.Example("dropwire why story.xml", "See what became of a file, and of its articles.")],
        run: { try Why.run($0) })
}

/// `dropwire why`: what the status service knows of a file or an article, from the drop to each worker.
enum Why {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard arguments.operands.count == 1 else { throw UsageError("one FILE or ID is asked for") }
        let configuration = try Configuration.load(for: arguments)
        let client = CommandClient(
            context: try configuration.makeContext(), endpoints: configuration.status.report.forClients)
        let reply = try client.request("WHY", json: Reply { $0.field("what", arguments.operands[0]) }.json)
        var journey = JSONText.read(reply.json)
        let held = Why.held(arguments.operands[0], journey, configuration)
        if arguments.has("--json") {
            if !held.isEmpty, case .object(var members) = journey {
                members["held"] = .array(held)
                journey = .object(members)
            }
            Output.line(journey)
            return ExitCode.done
        }
        guard print(journey, held) else {
            Output.error(
                "dropwire why: nothing is known of '\(arguments.operands[0])'; is it still in its drop directory?")
            return ExitCode.failed
        }
        return ExitCode.done
    }

    /// Prints a journey in words, with what is held; false where there is neither.
    private static func print(_ journey: JSONValue, _ held: [JSONValue]) -> Bool {
        let parts = ["files", "kills", "articles"].map { journey[$0]?.arrayValue ?? [] }
        guard !held.isEmpty || parts.contains(where: { !$0.isEmpty }) else { return false }
        for file in parts[0] { print(file: file) }
        for article in held {
            for line in HeldTool.lines(of: article) { Output.line(line) }
        }
        for kill in parts[1] { print(kill: kill) }
        for article in parts[2] { print(article: article) }
        return true
    }

    private static func text(_ value: JSONValue, _ name: String) -> String {
        JSONText.terminalSafe(value[name]?.stringValue ?? "")
    }

    private static func print(file: JSONValue) {
        Output.line(
            "\(text(file, "received"))  file  \(text(file, "path"))  \(text(file, "outcome"))  \(text(file, "code"))")
        let companions = file["companions"]?.arrayValue?.compactMap(\.stringValue) ?? []
        for companion in companions { Output.line("    with \(JSONText.terminalSafe(companion))") }
        if !text(file, "message").isEmpty { Output.line("    \(text(file, "message"))") }
        if !text(file, "held_until").isEmpty { Output.line("    until \(text(file, "held_until"))") }
    }

    private static func print(kill: JSONValue) {
        Output.line(
            "\(text(kill, "time"))  kill  #\(kill["seq"]?.integerValue ?? 0)  \(text(kill, "uri")) of \(text(kill, "source"))"
        )
        Output.line("    withdraws this article with all of its versions, also those that come later")
        if !text(kill, "ed_note").isEmpty { Output.line("    \(text(kill, "ed_note"))") }
    }

    private static func print(article: JSONValue) {
        let version = text(article, "version")
        Output.line(
            "\(text(article, "time"))  article  #\(article["seq"]?.integerValue ?? 0)  \(text(article, "id"))"
                + (version.isEmpty ? "" : "  version \(version)"))
        if !text(article, "title").isEmpty { Output.line("    \(text(article, "title"))") }
        if let standing = standing(of: article) { Output.line("    \(standing)") }
        if !text(article, "warning").isEmpty { Output.line("    warning: \(text(article, "warning"))") }
        for result in article["results"]?.arrayValue ?? [] {
            let data = result["data"] ?? .null
            let detail = data["verdict"] ?? data["action"] ?? data["reason"] ?? .null
            Output.line(
                "\(text(result, "time"))  \(text(result, "kind"))  \(text(result, "status"))  "
                    + JSONText.terminalSafe(detail.stringValue ?? "")
                    + (data["late"] == .boolean(true) ? ", late" : ""))
            if !text(data, "warning").isEmpty { Output.line("    warning: \(text(data, "warning"))") }
        }
    }

    /// Why an article is not shown, or not as the current version.
    private static func standing(of article: JSONValue) -> String? {
        switch article["standing"]?.stringValue {
        case "killed": "killed: it is shown nowhere"
        case "erased": "erased: its words are kept nowhere; `dropwire erase list` says why"
        case "withheld": "withheld: it is not shown until its publisher sends a version that is usable"
        case "superseded":
            "not the current version" + (article["current"]?.stringValue.map { ", which is \($0)" } ?? "")
        default: nil
        }
    }

    /// What the watcher holds under an id that no log has yet: the status service knows nothing of it. Nothing where the
    /// watcher does not answer.
    private static func held(_ what: String, _ journey: JSONValue, _ configuration: Configuration) -> [JSONValue] {
        guard ArticleID(what) != nil, journey["articles"]?.arrayValue?.isEmpty != false,
            let context = try? configuration.makeContext()
        else { return [] }
        let line = HeldTool.Line(
            client: CommandClient(context: context, endpoints: configuration.watch.admin.forClients))
        return (try? line.ask("list", ids: [what]))?["articles"]?.arrayValue ?? []
    }
}
