import Articles
import Formats
import Glibc
import Ingestion
import Linux
import TimeZones

extension Command {
    static let parse = Command(
        name: "parse",
        summary: "show what a file would give, publishing nothing",
        explanation: """
            Containers are opened: each member is shown with its path. With --json a record a line. With
            --explain it is told before the articles what each file and member is read as, by what that is
            known, and which formats were asked before; with --json as objects of type explanation.
            """,
        options: [
            Command.Option("--source", "NAME", "the source of the articles (the folder's name)"),
            Command.Option("--language", "TAG", "the language of articles that do not say theirs (detected)"),
            Command.Option("--time-zone", "NAME", "the zone of dates that do not say theirs (UTC)"),
            Command.Option(
                "--format", Command.Value("NAME", of: ["auto"] + FormatRegistry.standard.names),
                "the format of the files (recognized)"),
            Command.Option("--explain", "tell why each file is read as what it is"), .json,
        ], operands: "FILE…", failure: "where a part of a file gave no article",
        examples: [
            Command.Example("dropwire parse --explain --format html page.html", "See what a page would give, and why."),
            Command.Example("dropwire parse --json feed.xml | jq .title", "The titles in a feed."),
        ],
        run: { try Parse.run($0) })
}

/// `dropwire parse`.
enum Parse {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard !arguments.operands.isEmpty else { throw UsageError("FILE is missing") }
        let settings = try Settings(arguments)
        var hasFailed = false
        for path in arguments.operands {
            do {
                let reader = LanguageReader(try open(path, settings))
                while let part = try reader.next() {
                    if !show(part, of: path, isJSON: settings.isJSON) { hasFailed = true }
                }
            } catch {
                report(error, of: path)
                hasFailed = true
            }
        }
        return hasFailed ? ExitCode.failed : ExitCode.done
    }

    /// What stands for the keys of a drop directory.
    private struct Settings {
        let source: String?
        let language: String?
        let timeZone: Zone
        let formats: FormatRegistry
        let isJSON: Bool
        let explains: Bool

        init(_ arguments: ParsedArguments) throws {
            source = arguments.value("--source")
            language = arguments.value("--language")
            let name = arguments.value("--time-zone") ?? Zone.utc.name
            guard let zone = Zone(name) else {
                throw UsageError(
                    "--time-zone: '\(name)' is no name of the IANA time zone database, such as Europe/Helsinki")
            }
            timeZone = zone
            let standard = FormatRegistry.standard
            let format = arguments.value("--format") ?? "auto"
            guard let formats = format == "auto" ? standard : standard.only(format) else {
                throw UsageError("--format: '\(format)' is not one of auto, \(standard.names.joined(separator: ", "))")
            }
            self.formats = formats
            isJSON = arguments.has("--json")
            explains = arguments.has("--explain")
        }
    }

    private static func open(_ path: String, _ settings: Settings) throws -> any PartReader {
        var opening = FileOpening(
            source: settings.source, language: settings.language, timeZone: settings.timeZone,
            formats: settings.formats)
        if settings.explains {
            let isJSON = settings.isJSON
            opening.explain = { show($0, of: path, isJSON: isJSON) }
            if !isJSON { Output.line("file       \(JSONText.terminalSafe(path))") }
        }
        return try opening.open(path)
    }

    /// Shows a part; returns whether it is good.
    private static func show(_ part: ParsedPart, of path: String, isJSON: Bool) -> Bool {
        switch part.content {
        case .article(let article):
            if isJSON { Output.line(article.encodeRecord()) } else { write(article) }
            return true
        case .failed(let error):
            report(error, of: part.member.map { "\(path)': '\($0)" } ?? path)
            return false
        case .ignored(let code):
            Output.error("dropwire parse: '\(JSONText.terminalSafe(path))': ignored: \(code.rawValue)")
            return true
        }
    }

    /// Shows what a file or a member is read as, and why.
    private static func show(_ explanation: Explanation, of path: String, isJSON: Bool) {
        if isJSON {
            var members: [String: JSONValue] = [
                "type": .string("explanation"), "path": .string(path),
                "subject": .string(explanation.subject.rawValue), "name": .string(explanation.name),
                "reason": .string(explanation.reason),
                "tried_before": .array(explanation.triedBefore.map(JSONValue.string)),
            ]
            members["member"] = explanation.member.map(JSONValue.string)
            return Output.line(JSONValue.object(members))
        }
        var text = Help.pad(explanation.subject.rawValue, to: 11)
        if let member = explanation.member { text += "\(JSONText.terminalSafe(member)): " }
        text += "\(explanation.name), since \(explanation.reason)"
        if !explanation.triedBefore.isEmpty {
            text += " (not \(explanation.triedBefore.joined(separator: ", ")), which were asked before)"
        }
        Output.line(text)
    }

    private static func report(_ error: any Error, of path: String) {
        let cause = (error as? ParseError)?.cause ?? "\(error)"
        Output.error("dropwire parse: '\(JSONText.terminalSafe(path))': \(JSONText.terminalSafe(cause))")
        if let hint = (error as? ParseError)?.hint { Output.error("    \(hint)") }
    }

    private static func write(_ article: Article) {
        if let member = article.ingest.member { Output.line("member     \(JSONText.terminalSafe(member))") }
        Output.line("title      \(JSONText.terminalSafe(article.title ?? "–"))")
        Output.line("published  \(article.published?.description ?? "–")")
        let detected = article.ingest.languageConfidence.map { " (detected, \($0))" } ?? ""
        Output.line("language   \(article.language)\(detected)    format \(article.ingest.format)    id \(article.id)")
        Output.line("encoding   \(article.ingest.encoding)")
        if let until = article.embargoedUntil {
            let isOver = until.milliseconds <= Clocks.wallMilliseconds()
            Output.line("embargo    until \(until)" + (isOver ? ", which is over" : ": it would be held until then"))
        }
        if let uri = article.uri {
            let version = article.version.map { "    version \($0)" } ?? ""
            Output.line("uri        \(JSONText.terminalSafe(uri + version))")
        }
        if let status = status(of: article) { Output.line("status     \(status)") }
        if !article.signals.isEmpty {
            Output.line("signals    \(JSONText.terminalSafe(article.signals.joined(separator: ", ")))")
        }
        if let note = article.editorialNote { Output.line("note       \(JSONText.terminalSafe(note))") }
        if let abstract = article.abstract { Output.line("abstract   \(JSONText.terminalSafe(abstract))") }
        let paragraphs = (article.body ?? "").split(separator: "\n\n").count
        Output.line("body       \(article.body?.utf8.count ?? 0) bytes in \(paragraphs) paragraphs")
        for warning in article.ingest.warnings { Output.line("warning    \(JSONText.terminalSafe(warning))") }
    }

    /// What its publication status does, where it is not usable.
    private static func status(of article: Article) -> String? {
        switch article.pubStatus {
        case .usable: nil
        case .withheld: "withheld: it would be published, and shown nowhere until a usable version comes"
        case .canceled where article.uri?.isEmpty != false:
            "canceled: it would be quarantined, since no uri says which article is withdrawn"
        case .canceled: "canceled: it would be published as a kill, which withdraws all versions of this uri for ever"
        }
    }
}
