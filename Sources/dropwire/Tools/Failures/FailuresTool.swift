import Articles
import Glibc
import Messaging
import Status
import ZeroMQ

extension Command {
    static let failures = Command(
        name: "failures",
        summary: "list failures of workers, try them again or discard them",
        actions: [
            Command.Action("list", "what has failed and did not work since, with the reason, the last first"),
            Command.Action("retry", "NAME…", "let the workers try these again, as if they had never failed"),
            Command.Action("discard", "NAME…", "give these up: they are recorded as discarded, with who wanted it"),
        ],
        explanation: """
            NAME is KIND/STREAM/EPOCH/SEQ as list prints it. retry and discard take names, or --all
            for everything that was given up. It asks the status service, also of another host; what
            comes of another try is seen some seconds later. `dropwire dead` does the same where the
            work is shared out, without the status service.
            """,
        options: [
            Command.Option("--all", "with retry and discard: everything that was given up"),
            Command.Option("--kind", "KIND", "only failures of this kind of worker, for example index"),
            Command.Option("--dead", "with list: only what was given up"),
            .config, .json,
        ], operands: "[NAME…]", failure: "where nothing could be done about one of them",
        examples: [
            Command.Example("dropwire failures list --dead", "See what was given up, and why."),
            Command.Example(
                "dropwire failures retry --all --kind summarize",
                "Let the summarizer try everything again."),
        ],
        run: { try FailuresTool.run($0) })
}

/// `dropwire failures`: asks the status service, which knows of every worker's failures and whom to tell.
struct FailuresTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard let action = arguments.operands.first else { throw UsageError("list, retry or discard is asked for") }
        let texts = arguments.operands.dropFirst()
        let names = texts.compactMap { FailureKey($0) }
        guard names.count == texts.count else {
            throw UsageError("names are KIND/STREAM/EPOCH/SEQ, as `dropwire failures list` prints them")
        }
        switch action {
        case "list": guard names.isEmpty, !arguments.has("--all") else { throw UsageError("list takes no names") }
        case "retry", "discard":
            guard names.isEmpty == arguments.has("--all") else { throw UsageError("\(action) takes names, or --all") }
            guard names.isEmpty || arguments.value("--kind") == nil else { throw UsageError("--kind goes with --all") }
        default: throw UsageError("'\(JSONText.terminalSafe(action))' is none of list, retry and discard")
        }
        let configuration = try Configuration.load(for: arguments)
        let tool = FailuresTool(
            client: CommandClient(
                context: try configuration.makeContext(), endpoints: configuration.status.report.forClients),
            kind: arguments.value("--kind"), isJSON: arguments.has("--json"))
        guard action != "list" else { return try tool.list(deadOnly: arguments.has("--dead")) }
        return try tool.change(action, names)
    }

    private let client: CommandClient
    private let kind: String?
    private let isJSON: Bool

    private func ask(_ body: (inout JSONWriter) -> Void) throws -> JSONValue {
        JSONText.read(try client.request("FAILURES", json: Reply(body).json, deadline: .seconds(30)).json)
    }

    // MARK: Listing

    private func list(deadOnly: Bool) throws -> Int32 {
        var count = 0
        var after: String?
        repeat {
            let reply = try ask { writer in
                writer.field("action", "list")
                writer.field("kind", kind)
                if deadOnly { writer.field("dead", true) }
                writer.field("after", after)
            }
            for failure in reply["failures"]?.arrayValue ?? [] {
                count += 1
                if isJSON { Output.line(failure) } else { show(failure) }
            }
            after = reply["next"]?.stringValue
        } while after != nil
        if count == 0, !isJSON { Output.error("nothing has failed") }
        return ExitCode.done
    }

    private func show(_ failure: JSONValue) {
        func text(_ name: String) -> String { JSONText.terminalSafe(failure[name]?.stringValue ?? "") }
        func number(_ name: String) -> Int64 { failure[name]?.integerValue ?? 0 }
        let attempts = number("attempt") == 1 ? "1 attempt" : "\(number("attempt")) attempts"
        var state = failure["dead"] == .boolean(true) ? "given up after \(attempts)" : "\(attempts), comes again"
        switch failure["wish"]?.stringValue {
        case "retry": state += ", to be tried again since \(text("wished"))"
        case "discard": state += ", to be discarded since \(text("wished"))"
        default: break
        }
        let reason = [text("code"), text("reason")].filter { !$0.isEmpty }.joined(separator: ": ")
        Output.line("\(text("kind"))/\(text("stream"))/\(number("epoch"))/\(number("seq"))")
        Output.line("    \(text("time"))  \(state): \(reason)")
        if failure["id"] != nil { Output.line("    \(text("id"))  \(text("source"))  \(text("title"))") }
    }

    // MARK: Changing

    private func change(_ action: String, _ names: [FailureKey]) throws -> Int32 {
        let user = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) }
        var isComplete = true
        var count: Int64 = 0
        func take(_ reply: JSONValue) {
            let missing = reply["missing"]?.arrayValue ?? []
            let refused = reply["refused"]?.arrayValue ?? []
            if !missing.isEmpty || !refused.isEmpty { isComplete = false }
            count += reply["count"]?.integerValue ?? 0
            if isJSON { return Output.line(reply) }
            for failure in missing { Output.error("has not failed: \(name(of: failure))") }
            for failure in refused {
                let reason = JSONText.terminalSafe(failure["reason"]?.stringValue ?? "")
                Output.error("not tried again: \(name(of: failure)): \(reason)")
            }
        }
        if names.isEmpty {
            var hasMore = true
            while hasMore {
                let reply = try ask { writer in
                    writer.field("action", action)
                    writer.field("all", true)
                    writer.field("kind", kind)
                    writer.field("by", user)
                }
                take(reply)
                hasMore = reply["more"] == .boolean(true)
            }
        }
        for start in stride(from: 0, to: names.count, by: FailureChange.limit) {
            let some = names[start..<min(names.count, start + FailureChange.limit)]
            take(
                try ask { writer in
                    writer.field("action", action)
                    writer.key("results")
                    writer.beginArray()
                    for name in some { name.write(to: &writer) }
                    writer.endArray()
                    writer.field("by", user)
                })
        }
        if !isJSON {
            Output.line("\(action == "retry" ? "to be tried again" : "discarded"): \(count)")
        }
        return isComplete ? ExitCode.done : ExitCode.failed
    }

    private func name(of failure: JSONValue) -> String {
        let kind = JSONText.terminalSafe(failure["kind"]?.stringValue ?? "")
        let stream = JSONText.terminalSafe(failure["stream"]?.stringValue ?? "")
        return "\(kind)/\(stream)/\(failure["epoch"]?.integerValue ?? 0)/\(failure["seq"]?.integerValue ?? 0)"
    }
}
