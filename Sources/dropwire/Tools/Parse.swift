import Articles
import FoundationEssentials
import Formats
import Glibc
import Hashing
import Ingestion
import Linux
import TOML
import TimeZones

extension Command {
    static let parse = Command(
        name: "parse",
        summary: "show what a file would give, publishing nothing",
        explanation: "Exit code 0 where all files gave articles, else 1. With --json a record a line.",
        options: [
            Command.Option("--source", "NAME", "the source of the articles (the folder's name)"),
            Command.Option("--language", "TAG", "the language of articles that do not say theirs (und)"),
            Command.Option("--time-zone", "NAME", "the zone of dates that do not say theirs (UTC)"),
            Command.Option("--format", "NAME", "the format of the files (recognized)"), .json,
        ], operands: "FILE…", run: { try Parse.run($0) })
}

/// `dropwire parse`.
enum Parse {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard !arguments.operands.isEmpty else { throw UsageError("FILE is missing") }
        let settings = try Settings(arguments)
        var hasFailed = false
        for path in arguments.operands {
            do {
                for article in try parse(path, settings).articles { write(article, isJSON: arguments.has("--json")) }
            } catch {
                Output.error("dropwire parse: '\(JSONText.terminalSafe(path))': \(error)")
                if let hint = (error as? ParseError)?.hint { Output.error("    \(hint)") }
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
        }
    }

    private static func parse(_ path: String, _ settings: Settings) throws -> ParsedFile {
        let parts = path.split(separator: "/")
        let defaults = DropDirectoryConfiguration(path: "/" + (parts.dropLast().last.map(String.init) ?? "files"))
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
        return try settings.formats.parse(
            bytes, name: Array((parts.last ?? "").utf8),
            FormatContext(
                source: settings.source ?? defaults.source, language: settings.language ?? defaults.language,
                timeZone: settings.timeZone, path: path,
                sha256: Hexadecimal.encode(SHA256.hash(bytes)), bytes: bytes.count,
                received: Timestamp(milliseconds: Clocks.wallMilliseconds()),
                maximumArticleBytes: defaults.maximumArticleBytes.bytes))
    }

    private static func write(_ article: Article, isJSON: Bool) {
        if isJSON {
            Output.line(article.encodeRecord())
            return
        }
        Output.line("title      \(JSONText.terminalSafe(article.title ?? "–"))")
        Output.line("published  \(article.published?.description ?? "–")")
        Output.line("language   \(article.language)    format \(article.ingest.format)    id \(article.id)")
        if let abstract = article.abstract { Output.line("abstract   \(JSONText.terminalSafe(abstract))") }
        let paragraphs = (article.body ?? "").split(separator: "\n\n").count
        Output.line("body       \(article.body?.utf8.count ?? 0) bytes in \(paragraphs) paragraphs")
        for warning in article.ingest.warnings { Output.line("warning    \(JSONText.terminalSafe(warning))") }
    }
}
