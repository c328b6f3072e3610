import Articles
import Exporting
import FoundationEssentials
import Glibc
import Indexing
import Linux
import Messaging
import ZeroMQ

extension Command {
    static let export = Command(
        name: "export",
        summary: "write articles of the archive in a format of your choice",
        explanation: """
            What the index shows, in the order in which it came: all, or what QUERY finds (as
            `dropwire search` takes it). What is killed, withheld or under embargo is left out.
            ndjson are the records as they stand in the log, ninjs is IPTC ninjs 3.1 (an object a
            line), jsonfeed JSON Feed 1.1, atom Atom 1.0, and text the native format, for which
            --output names a directory that gets a file an article. A file has its name only when it
            is whole. Exit code 0 also where nothing is found.
            """,
        options: [
            Command.Option(
                "--format", Command.Value("NAME", of: ExportFormat.allCases.map(\.rawValue)),
                "\(ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")) (ndjson)"),
            Command.Option("--after", "DATE", "articles published on that day or later"),
            Command.Option("--before", "DATE", "articles published before that day"),
            Command.Option("--from", "SEQ", "records of the log from this number on"),
            Command.Option("--to", "SEQ", "records of the log up to this number"),
            Command.Option("--limit", "N", "at most N articles"),
            Command.Option("--output", "PATH", "write to PATH instead of standard output"), .config,
        ], operands: "[QUERY…]",
        examples: [
            Command.Example(
                "dropwire export --after 2025-02-01 --format atom --output harbour.atom harbour",
                "Make a feed of what a search finds.")
        ],
        run: { try Export.run($0) })
}

/// `dropwire export`: asks the index for page after page, and holds one at a time.
enum Export {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        let name = arguments.value("--format") ?? ExportFormat.ndjson.rawValue
        guard let format = ExportFormat(rawValue: name) else {
            let known = ExportFormat.allCases.map(\.rawValue)
            throw UsageError(
                "--format: '\(name)' is not one of \(known.joined(separator: ", "))\(Suggestion.text(for: name, among: known))"
            )
        }
        let output = arguments.value("--output")
        if format.isFilePerArticle, output == nil {
            throw UsageError("--format \(name) has a file an article: name their directory with --output")
        }
        if output?.isEmpty == true || output?.hasSuffix("/") == true && !format.isFilePerArticle {
            throw UsageError("--output names a file")
        }
        var pages = try Pages(arguments)
        let target = try ExportTarget(output, isFilePerArticle: format.isFilePerArticle)
        let moment = Timestamp(milliseconds: Clocks.wallMilliseconds())
        var writer = format.writer(title: "Dropwire", at: moment)
        var progress = ArticleProgress(isShown: isatty(2) == 1 && (output != nil || isatty(1) == 0))
        do {
            try target.write(writer.start)
            while let records = try pages.next() {
                for record in records {
                    let article = try JSONDecoder().decode(Article.self, from: Data(record))
                    let bytes = writer.write(article, record: record)
                    if format.isFilePerArticle {
                        try target.write(bytes, file: "\(article.id).txt")
                    } else {
                        try target.write(bytes)
                    }
                }
                progress.add(records.count)
            }
            try target.write(writer.end)
            try target.finish()
        } catch let error as SystemError where error.code == EPIPE && output == nil {
            // A reader that went away (`| head`) has what it wants.
            return ExitCode.done
        }
        progress.end()
        return ExitCode.done
    }

    /// The pages of an export.
    private struct Pages {
        private let client: CommandClient
        private let query: String?
        private let after: Timestamp?
        private let before: Timestamp?
        private let from: Int?
        private let to: Int?
        private var left: Int
        private var cursor: Int64 = 0
        private var isEnd = false

        init(_ arguments: ParsedArguments) throws {
            func moment(_ option: String) throws -> Timestamp? {
                try arguments.value(option).map { text in
                    guard let moment = ArchiveRange.moment(text) else {
                        throw UsageError("\(option): '\(text)' is not a date such as 2025-02-26")
                    }
                    return moment
                }
            }
            query = arguments.operands.isEmpty ? nil : arguments.operands.joined(separator: " ")
            after = try moment("--after")
            before = try moment("--before")
            from = try arguments.integer("--from", in: 0...Int.max)
            to = try arguments.integer("--to", in: 0...Int.max)
            if let from, let to, from > to { throw UsageError("--from \(from) is behind --to \(to)") }
            left = try arguments.integer("--limit", in: 1...Int.max) ?? Int.max
            let configuration = try Configuration.load(for: arguments)
            client = CommandClient(
                context: try configuration.makeContext(), endpoints: configuration.index.search.forClients)
        }

        /// Returns the records of the next page, which may have none; nil at the end.
        mutating func next() throws -> [[UInt8]]? {
            guard !isEnd, left > 0 else { return nil }
            let request = Reply { writer in
                writer.field("q", query)
                writer.field("after", after?.description)
                writer.field("before", before?.description)
                writer.field("from", from)
                writer.field("to", to)
                writer.field("cursor", cursor)
                writer.field("limit", min(left, SearchDesk.maximumPage))
            }.json
            let reply = try client.request("EXPORT", json: request, deadline: .seconds(10))
            let state = JSONText.read(reply.json)
            guard let reached = state["cursor"]?.integerValue else {
                throw WireError(.internal, "INTERNAL", "EXPORT: the index says no cursor")
            }
            isEnd = state["end"] == .boolean(true)
            cursor = reached
            left -= reply.payload.count
            return reply.payload
        }
    }
}
