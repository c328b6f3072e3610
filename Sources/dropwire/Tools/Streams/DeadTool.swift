import Articles
import Linux
import Messaging
import SQLite

extension Command {
    static let dead = Command(
        name: "dead",
        summary: "list articles that workers gave up, try them again or let them go",
        actions: [
            Command.Action("list", "[NAME]", "what is dead, of one group or worker, or of all"),
            Command.Action("retry", "NAME SEQ…", "give these out again, as if they had never failed"),
            Command.Action("discard", "NAME SEQ…", "forget these: the articles stay, without this work"),
        ],
        explanation: """
            NAME is a group as `dropwire group list` shows it, or a worker with a state of its own:
            deduplicate, index. --state names the database of another such worker. retry and discard
            take sequence numbers as list shows them, or --all.
            """,
        options: [
            Command.Option("--all", "with retry and discard: everything that is dead"),
            Command.Option("--state", "FILE", "the database of a worker that is not one of Dropwire's own"),
            LogLine.option, .watcher, .config, .json,
        ], operands: "[NAME [SEQ…]]", failure: "where one was not dead",
        examples: [
            Command.Example("dropwire dead list", "See what was given up, and why."),
            Command.Example("dropwire dead retry index --all", "Try everything again that the indexer gave up."),
        ],
        run: { try DeadTool.run($0) })
}

/// `dropwire dead`: groups answer for their dead letters, stateful workers have them in their databases.
struct DeadTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard let action = arguments.operands.first else { throw UsageError("list, retry or discard is asked for") }
        let name = arguments.operands.dropFirst().first
        let texts = arguments.operands.dropFirst(2)
        let seqs = texts.compactMap { UInt64($0) }
        guard seqs.count == texts.count else { throw UsageError("what stands behind NAME are sequence numbers") }
        switch action {
        case "list":
            guard texts.isEmpty, !arguments.has("--all") else { throw UsageError("list takes one name at most") }
            guard name != nil || arguments.value("--state") == nil else { throw UsageError("--state goes with a name") }
        case "retry", "discard":
            guard name != nil, seqs.isEmpty == arguments.has("--all") else {
                throw UsageError("\(action) takes a name and sequence numbers, or a name and --all")
            }
        default: throw UsageError("'\(JSONText.terminalSafe(action))' is none of list, retry and discard")
        }
        let configuration = try Configuration.load(for: arguments)
        let tool = DeadTool(
            line: try LogLine(arguments, configuration, tool: "dead"), configuration: configuration,
            isJSON: arguments.has("--json"))
        let state =
            arguments.value("--state")
            ?? name.flatMap { Self.databases[$0] }.map {
                "\(configuration.stateDirectory)/\($0)"
            }
        do {
            guard let name else { return try tool.listAll() }
            if action == "list" {
                let count = try state.map { try tool.list(worker: name, $0) } ?? tool.list(group: name)
                if count == 0 { Output.error("nothing is dead") }
                return ExitCode.done
            }
            let asked = arguments.has("--all") ? nil : seqs
            let done =
                try state.map { try tool.change(worker: $0, action, asked) }
                ?? tool.change(group: name, action, asked)
            return tool.tell(action, name, done, missing: Set(asked ?? []).subtracting(done).sorted())
        } catch let error as WireError where error.code == WireError.Code.notFound.rawValue {
            Output.error("dropwire dead: \(JSONText.terminalSafe(error.message))")
            return ExitCode.failed
        }
    }

    /// The databases of Dropwire's own workers with a state, below the state directory.
    static let databases = ["deduplicate": "deduplicate/state.sqlite", "index": "index/index.sqlite"]
    /// Letters of one look into a database, and sequence numbers of one request.
    private static let portion = 500

    let line: LogLine
    let configuration: Configuration
    let isJSON: Bool

    // MARK: Listing

    private func listAll() throws -> Int32 {
        var names: [String] = []
        var isComplete = true
        do {
            try line.list("GROUP", "groups") { group in
                if (group["dead_count"]?.integerValue ?? 0) > 0 { names.append(group["group"]?.stringValue ?? "") }
            }
        } catch let error as CommandClient.Failure {
            Output.error("dropwire dead: the groups of \(line.name) are not shown: \(error)")
            isComplete = false
        }
        var count = 0
        for name in names { count += try list(group: name) }
        for (name, path) in Self.databases.sorted(by: { $0.key < $1.key }) {
            do { count += try list(worker: name, "\(configuration.stateDirectory)/\(path)") } catch {
                Output.error("dropwire dead: those of \(name) are not shown: \(error)")
                isComplete = false
            }
        }
        if count == 0, isComplete { Output.error("nothing is dead") }
        return isComplete ? ExitCode.done : ExitCode.failed
    }

    private func list(group name: String) throws -> Int {
        let log = try NamedPlace.seek(.end, line.client)
        var count = 0
        var after: Int64?
        repeat {
            let reply = try line.ask("GROUP") { writer in
                writer.field("group", name)
                writer.field("dead_after", after)
                writer.field("dead_max", Self.portion)
            }
            for letter in reply["dead"]?.arrayValue ?? [] {
                let seq = UInt64(clamping: letter["seq"]?.integerValue ?? 0)
                let record = try line.record(seq, of: log.stream, epoch: log.epoch)
                show(
                    name, "group", seq, attempts: Int(letter["attempts"]?.integerValue ?? 0),
                    reason: letter["reason"]?.stringValue ?? "", record)
                count += 1
            }
            after = reply["dead_next"]?.integerValue
        } while after != nil
        return count
    }

    private func list(worker name: String, _ path: String) throws -> Int {
        guard let letters = try DeadLetters(path: path, mode: .readOnly) else { return 0 }
        var count = 0
        var last: Position?
        repeat {
            let some = try letters.letters(after: last, limit: Self.portion)
            for letter in some {
                show(
                    name, "worker", letter.position.seq, attempts: letter.attempts, reason: letter.reason,
                    letter.record)
            }
            count += some.count
            last = some.last?.position
        } while last != nil
        return count
    }

    private func show(
        _ name: String, _ kind: StaticString, _ seq: UInt64, attempts: Int, reason: String, _ record: [UInt8]?
    ) {
        let article = record.map(JSONText.read) ?? .null
        if isJSON {
            return Output.line(
                Reply { writer in
                    writer.field("name", name)
                    writer.key("kind")
                    writer.string("\(kind)")
                    writer.field("seq", seq)
                    writer.field("attempts", attempts)
                    writer.field("reason", reason)
                    writer.field("id", article["id"]?.stringValue)
                    writer.field("source", article["source"]?.stringValue)
                    writer.field("title", article["title"]?.stringValue)
                    writer.field("gone", record == nil)
                }.json)
        }
        func text(_ name: String) -> String { JSONText.terminalSafe(article[name]?.stringValue ?? "") }
        let times = attempts == 1 ? "1 attempt" : "\(attempts) attempts"
        Output.line("\(JSONText.terminalSafe(name))  \(seq)  \(times)  \(JSONText.terminalSafe(reason))")
        Output.line(
            record == nil
                ? "    retention has removed the record"
                : "    \(text("id"))  \(text("source"))  \(text("title").isEmpty ? text("type") : text("title"))")
    }

    // MARK: Changing

    private func change(group name: String, _ action: String, _ seqs: [UInt64]?) throws -> [UInt64] {
        func ask(_ some: [UInt64]?) throws -> JSONValue {
            try line.ask("GROUP") { writer in
                writer.field("group", name)
                writer.field("action", "\(action)-dead")
                writer.field("dead_max", 0)
                if let some { writer.array("seqs", some) }
            }
        }
        guard let seqs else {
            let dead = try all(in: name)
            _ = try ask(nil)
            return dead
        }
        var missing: Set<UInt64> = []
        for start in stride(from: 0, to: seqs.count, by: Self.portion) {
            let reply = try ask(Array(seqs[start..<min(seqs.count, start + Self.portion)]))
            missing.formUnion((reply["missing"]?.arrayValue ?? []).compactMap { $0.integerValue.map(UInt64.init) })
        }
        return Set(seqs).subtracting(missing).sorted()
    }

    /// The sequence numbers of all dead letters of a group.
    private func all(in name: String) throws -> [UInt64] {
        var seqs: [UInt64] = []
        var after: Int64?
        repeat {
            let reply = try line.ask("GROUP") { writer in
                writer.field("group", name)
                writer.field("dead_after", after)
            }
            seqs += (reply["dead"]?.arrayValue ?? []).compactMap { $0["seq"]?.integerValue.map(UInt64.init) }
            after = reply["dead_next"]?.integerValue
        } while after != nil
        return seqs
    }

    private func change(worker path: String, _ action: String, _ seqs: [UInt64]?) throws -> [UInt64] {
        guard let letters = try DeadLetters(path: path, mode: .readWrite) else { return [] }
        return try action == "retry" ? letters.retry(seqs) : letters.discard(seqs)
    }

    private func tell(_ action: String, _ name: String, _ done: [UInt64], missing: [UInt64]) -> Int32 {
        let word = action == "retry" ? "given out again" : "discarded"
        if isJSON {
            Output.line(
                Reply { writer in
                    writer.field("name", name)
                    writer.array(action == "retry" ? "retried" : "discarded", done)
                    writer.array("missing", missing)
                }.json)
        } else {
            for seq in done { Output.line("\(word): \(seq)") }
            for seq in missing { Output.error("not dead: \(seq)") }
            if done.isEmpty, missing.isEmpty { Output.error("nothing is dead") }
        }
        return missing.isEmpty ? ExitCode.done : ExitCode.failed
    }
}
