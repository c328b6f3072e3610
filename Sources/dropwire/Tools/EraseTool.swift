import Articles
import Glibc
import Messaging
import ZeroMQ

extension Command {
    static let erase = Command(
        name: "erase",
        summary: "remove an article's words from wherever they are kept, for ever",
        actions: [
            Command.Action("ID", "erases what was published with this id, and no other version of it"),
            Command.Action("SOURCE URI", "erases the article with all of its versions, also those that come later"),
            Command.Action("list", "what was erased, when, why and by whom"),
        ],
        explanation: """
            Its records on the log become `gone`, what is held goes, and index, status page,
            deduplicator and results are told to remove what they have. The file that it came in is
            removed from archive and quarantine, with whatever else stands in it; a file that is
            left in its drop directory stays there, and is not read again. It cannot be taken back.
            """,
        options: [
            Command.Option("--reason", "TEXT", "why, for people: it stands in the record and in the list"), .watcher,
            .config, .json,
        ],
        examples: [
            Command.Example(
                "dropwire erase --reason \"court order 12/26\" bbc urn:bbc:4711",
                "Erase an article with all of its versions.")
        ],
        run: { try EraseTool.run($0) })
}

/// `dropwire erase`: asks the watcher, which has the log, and tells it what index and status service know.
struct EraseTool {
    private let configuration: Configuration
    private let context: Context
    private let watcher: CommandClient
    private let isJSON: Bool
    /// The log may be long, and is gone through.
    private static let patience = Duration.seconds(600)

    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        let operands = arguments.operands
        let reason = arguments.value("--reason") ?? ""
        if operands == ["list"] {
            guard reason.isEmpty else { throw UsageError("list takes no reason") }
            return try tool(arguments).list()
        }
        let subject: ErasureSubject
        switch operands.count {
        case 1:
            guard let id = ArticleID(operands[0]) else {
                let name = JSONText.terminalSafe(operands[0])
                throw UsageError(
                    "'\(name)' is no id: that is 32 hexadecimal digits; an article's URI comes after its SOURCE")
            }
            subject = .article(id)
        case 2 where !operands.contains(""): subject = .versions(source: operands[0], uri: operands[1])
        default: throw UsageError("an ID, or SOURCE and URI, say which article")
        }
        guard !reason.isEmpty else { throw UsageError("--reason TEXT says why: whoever asks later will want to know") }
        return try tool(arguments).erase(subject, reason)
    }

    private static func tool(_ arguments: ParsedArguments) throws -> EraseTool {
        let configuration = try Configuration.load(for: arguments)
        let context = try configuration.makeContext()
        return EraseTool(
            configuration: configuration, context: context,
            watcher: CommandClient(
                context: context, endpoints: try WatcherAddress.admin(arguments, configuration, context)),
            isJSON: arguments.has("--json"))
    }

    // MARK: Erasing

    private func erase(_ subject: ErasureSubject, _ reason: String) throws -> Int32 {
        let elsewhere = ArticleElsewhere(subject, configuration, context)
        let json = Reply { writer in
            subject.write(to: &writer)
            writer.field("reason", reason)
            writer.key("author")
            writer.beginObject()
            writer.field("uid", getuid())
            writer.field("user", EraseTool.user)
            writer.endObject()
            writer.key("known")
            writer.beginObject()
            writer.array("sources", elsewhere.sources.sorted())
            writer.array("files", elsewhere.files.sorted())
            writer.endObject()
        }.json
        let reply: Reply
        do {
            reply = try watcher.request("ERASE", json: json, deadline: EraseTool.patience)
        } catch let error as WireError where error.code == WireError.Code.notFound.rawValue {
            Output.error("dropwire erase: \(JSONText.terminalSafe(error.message))")
            for service in elsewhere.silent { Output.error("    \(service) does not answer, and was not asked") }
            return ExitCode.failed
        }
        if isJSON { Output.line(reply.json) } else { print(JSONText.read(reply.json), subject) }
        return ExitCode.done
    }

    private static var user: String? {
        guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else { return nil }
        return String(cString: name)
    }

    private func print(_ reply: JSONValue, _ subject: ErasureSubject) {
        func text(_ value: JSONValue, _ name: String) -> String {
            JSONText.terminalSafe(value[name]?.stringValue ?? "")
        }
        func number(_ name: String) -> Int64 { reply[name]?.integerValue ?? 0 }
        let name =
            switch subject {
            case .article(let id): id.description
            case .versions(let source, let uri): JSONText.terminalSafe("\(uri) of \(source)")
            }
        Output.line("erased: \(name) (entry \(number("n")) of the book)")
        let seqs = reply["seqs"]?.arrayValue ?? []
        Output.line(
            seqs.isEmpty
                ? "    no record of it is on the log any more"
                : "    \(seqs.count == 1 ? "record" : "records") on the log: "
                    + seqs.prefix(20).map { "\($0.integerValue ?? 0)" }.joined(separator: ", ")
                    + (seqs.count > 20 ? " and more" : ""))
        if number("held") > 0 { Output.line("    held until the end of an embargo: \(number("held"))") }
        if let first = reply["first_seq"]?.integerValue { Output.line("    consumers are told by record \(first)") }
        for file in reply["removed"]?.arrayValue ?? [] {
            let others = (file["parts"]?.integerValue ?? 1) - 1
            let more = others > 0 ? ", with \(others) other \(others == 1 ? "article" : "articles") in it" : ""
            Output.line("    removed: \(text(file, "path"))\(more)")
        }
        for file in reply["kept"]?.arrayValue ?? [] {
            Output.error("    stays: \(text(file, "path")): \(text(file, "trouble"))")
        }
        if reply["scrubbed"] == .boolean(false) {
            Output.error("    the log's file still has it in an older state, as somebody reads that; it is tried again")
        }
    }

    // MARK: Listing

    private func list() throws -> Int32 {
        var from: Int64? = 0
        var count = 0
        while let place = from {
            let json = Reply { writer in
                writer.field("action", "list")
                writer.field("from", place)
            }.json
            let reply = JSONText.read(try watcher.request("ERASE", json: json, deadline: .seconds(60)).json)
            for entry in reply["erasures"]?.arrayValue ?? [] {
                count += 1
                if isJSON { Output.line(entry) } else { Output.line(EraseTool.line(of: entry)) }
            }
            from = reply["next"]?.integerValue
        }
        if count == 0 { Output.error("nothing was erased") }
        return ExitCode.done
    }

    private static func line(of entry: JSONValue) -> String {
        func text(_ name: String) -> String { JSONText.terminalSafe(entry[name]?.stringValue ?? "") }
        let ids = entry["ids"]?.arrayValue ?? []
        let what =
            !text("uri").isEmpty
            ? "\(text("uri")) of \(text("source"))"
            : (ids.first?.stringValue ?? "") + (ids.count > 1 ? " and \(ids.count - 1) more" : "")
        let author = entry["author"] ?? .null
        let user = author["user"]?.stringValue ?? author["uid"]?.integerValue.map { "uid \($0)" } ?? ""
        let who = user.isEmpty ? "" : " by \(JSONText.terminalSafe(user))"
        return "\(entry["n"]?.integerValue ?? 0)  \(text("time"))  \(what)  \(text("cause"))\(who): \(text("reason"))"
    }
}
