import Articles
import Glibc
import Indexing
import Messaging
import ZeroMQ

extension Command {
    static let search = Command(
        name: "search",
        summary: "search the index",
        explanation: """
            Words, "phrases", prefix*, AND OR NOT, parentheses, title: byline: keyword: source: section:
            story: lang: after:2025-02-01 before:2025-03-01. With --json a hit a line.
            story: takes the id of any article of the story. A story is what the deduplicator ties together:
            copies and revisions; --collapse shows of each the article that stands first, and how many others
            were found.
            """,
        options: [
            Command.Option("--limit", "N", "at most N hits, up to 1000000 (20)"),
            Command.Option(
                "--sort", Command.Value("ORDER", of: ["relevance", "date", "arrival"]),
                "relevance (the default), date or arrival"),
            Command.Option("--recency", "AGE", "at this age relevance is half, such as 7d; 0s: age does not count"),
            Command.Option("--collapse", "one hit a story"),
            Command.Option("--cursor", "TEXT", "go on where a search of the same query and order ended"),
            .config, .json,
        ], operands: "QUERY…",
        examples: [
            Command.Example(
                "dropwire search \"port strike\" source:bbc after:2025-02-01",
                "Search the articles of one source since a day."),
            Command.Example("dropwire search --json --limit 100 --sort date harbour", "The last hundred as JSON."),
        ],
        run: { try Search.run($0) })

    static let show = Command(
        name: "show", summary: "print an article", options: [.config, .json], operands: "ID",
        failure: "where there is no such article",
        examples: [
            Command.Example(
                "dropwire show --json 0123456789abcdef0123456789abcdef",
                "Print a record as the index keeps it.")
        ],
        run: { try Search.show($0) })
}

/// `dropwire search` and `dropwire show`: questions to the index.
enum Search {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard !arguments.operands.isEmpty else { throw UsageError("QUERY is missing") }
        let sort = arguments.value("--sort") ?? "relevance"
        guard SearchArrangement.Order(rawValue: sort) != nil else {
            throw UsageError("--sort is relevance, date or arrival, not '\(sort)'")
        }
        let limit = try arguments.integer("--limit", in: 1...1_000_000) ?? 20
        let isColoured = isatty(1) == 1 && getenv("NO_COLOR") == nil
        var cursor = arguments.value("--cursor")
        var shown = 0
        var found = ""
        repeat {
            let request = Reply { writer in
                writer.field("q", arguments.operands.joined(separator: " "))
                writer.field("limit", min(limit - shown, SearchDesk.maximumLimit))
                writer.field("sort", sort)
                writer.field("recency", arguments.value("--recency"))
                if arguments.has("--collapse") { writer.field("collapse", "story") }
                writer.field("cursor", cursor)
            }.json
            let results = JSONText.read(try ask(arguments, "SEARCH", request).json)
            let hits = results["hits"]?.arrayValue ?? []
            for hit in hits {
                if arguments.has("--json") {
                    var writer = JSONWriter()
                    hit.write(to: &writer)
                    Output.line(String(decoding: writer.bytes, as: UTF8.self))
                } else {
                    print(hit, isColoured: isColoured)
                }
            }
            shown += hits.count
            let total = results["total"]?.integerValue ?? Int64(shown)
            let stories = results["stories"]?.integerValue.map {
                "\($0) \($0 == 1 ? "story" : "stories") with \(total) \(total == 1 ? "article" : "articles")"
            }
            found = total == 0 ? "nothing found" : "\(shown) of \(stories ?? "\(total)")"
            cursor = hits.isEmpty ? nil : results["next"]?.stringValue
        } while cursor != nil && shown < limit
        Output.error(found)
        if let cursor { Output.error("more with --cursor \(cursor)") }
        return ExitCode.done
    }

    private static func print(_ hit: JSONValue, isColoured: Bool) {
        func text(_ name: String) -> String { JSONText.terminalSafe(hit[name]?.stringValue ?? "") }
        Output.line(isColoured ? "\u{1b}[1m\(text("title"))\u{1b}[0m" : text("title"))
        let signals = (hit["signals"]?.arrayValue ?? []).compactMap(\.stringValue)
        if !signals.isEmpty { Output.line("  [\(JSONText.terminalSafe(signals.joined(separator: ", ")))]") }
        Output.line(
            "  \([text("published"), text("source"), text("id")].filter { !$0.isEmpty }.joined(separator: "  "))")
        let snippet = (hit["snippet"]?.arrayValue ?? []).map { part in
            let text = JSONText.terminalSafe(part["text"]?.stringValue ?? "")
            let isMarked = part["mark"] == .boolean(true)
            return isMarked ? (isColoured ? "\u{1b}[1;33m\(text)\u{1b}[0m" : "[\(text)]") : text
        }
        Output.line("  \(snippet.joined())")
        if let others = hit["others"]?.integerValue, others > 0 {
            Output.line("  \(others) more with story:\(text("id"))")
        }
    }

    static func show(_ arguments: ParsedArguments) throws -> Int32 {
        guard arguments.operands.count == 1 else { throw UsageError("ID is one article's id") }
        guard let id = ArticleID(arguments.operands[0]) else {
            throw UsageError("'\(arguments.operands[0])' is not an article's id of 32 hexadecimal digits")
        }
        let reply = try ask(arguments, "GET", Reply { $0.field("id", id.description) }.json)
        guard let record = reply.payload.first else { throw WireError(.notFound, "NOT_FOUND", "no article \(id)") }
        if arguments.has("--json") {
            Output.line(String(decoding: record, as: UTF8.self))
            return ExitCode.done
        }
        let article = JSONText.read(record)
        for name in ["title", "subtitle", "source", "published", "language", "url", "id", "uri", "version"] {
            if let text = article[name]?.stringValue {
                Output.line("\(Help.pad(name, to: 11))\(JSONText.terminalSafe(text))")
            }
        }
        let signals = (article["signals"]?.arrayValue ?? []).compactMap(\.stringValue)
        if !signals.isEmpty {
            Output.line("\(Help.pad("signals", to: 11))\(JSONText.terminalSafe(signals.joined(separator: ", ")))")
        }
        if let note = article["ed_note"]?.stringValue {
            Output.line("\(Help.pad("note", to: 11))\(JSONText.terminalSafe(note))")
        }
        for name in ["abstract", "body"] {
            guard let text = article[name]?.stringValue else { continue }
            Output.line("")
            for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
                Output.line(JSONText.terminalSafe(String(paragraph)))
            }
        }
        return ExitCode.done
    }

    /// Sends a command to the index.
    static func ask(_ arguments: ParsedArguments, _ command: String, _ json: [UInt8]) throws -> Reply {
        let configuration = try Configuration.load(for: arguments)
        let client = CommandClient(
            context: try configuration.makeContext(), endpoints: configuration.index.search.forClients)
        return try client.request(command, json: json, deadline: .seconds(15))
    }
}
