import Articles
import Formats
import Glibc
import Ingestion
import JSON
import Linux
import TOML

/// The articles of files that are read without a drop directory, one after the other: of JSON lines, or of files in any
/// format that is known.
///
/// A file is of JSON lines where its first line is an object with the members `id` and `text`, or a record of Dropwire; then
/// all its lines are. Every other file is read as the watcher would read it, and an article's id is the one it would get. One
/// line or part that cannot be read costs that one alone.
final class ArticleFiles {
    /// An article, or what keeps one from being read.
    enum Item {
        case article(OfflineArticle)
        /// A sentence that names the file, the place, and what was expected.
        case problem(String)
    }

    /// What is read at the moment.
    private enum Reading {
        case lines(FileLines, path: String)
        case parts(any PartReader, path: String)
    }

    private var paths: ArraySlice<String>
    private let language: String
    private var reading: Reading?
    private let parser = JSONParser()

    /// Lines and articles are not longer than this.
    private static let longest = 64 << 20

    /// Takes the paths of files; `-` is standard input.
    ///
    /// - Parameter language: the language of articles that do not say theirs, `und` where nobody knows.
    init(_ paths: [String], language: String = "und") {
        self.paths = paths[...]
        self.language = language
    }

    /// Returns the next article or problem; nil at the end.
    func next() -> Item? {
        while true {
            switch reading {
            case nil:
                guard let path = paths.popFirst() else { return nil }
                do {
                    reading = try open(path)
                } catch { return problem(path, error) }
            case .lines(let lines, let path):
                do {
                    guard let line = try lines.line() else {
                        reading = nil
                        continue
                    }
                    if let item = item(line, lines, path) { return item }
                } catch {
                    reading = nil
                    return problem(path, error)
                }
            case .parts(let parts, let path):
                do {
                    guard let part = try parts.next() else {
                        reading = nil
                        continue
                    }
                    if let item = item(part, path) { return item }
                } catch {
                    reading = nil
                    return problem(path, error)
                }
            }
        }
    }

    private func open(_ path: String) throws -> Reading {
        let isInput = path == "-"
        let lines = FileLines(
            isInput ? try FileDescriptor.standardInput() : try FileDescriptor(path: path), longest: Self.longest)
        let opening = FileOpening(language: language == "und" ? nil : language)
        if try lines.firstByte() == UInt8(ascii: "{"), case .text(let first)? = try lines.line(),
            let object = try? parser.parse(lines.bytes, first), isLine(object)
        {
            lines.rewind()
            return .lines(lines, path: path)
        }
        if !isInput { return .parts(LanguageReader(try opening.open(path)), path: path) }
        let limit = FileOpening.defaults(path).maximumFileBytes.bytes
        guard let bytes = try lines.all(limit: limit) else {
            throw SystemError(code: EFBIG, operation: "read more than \(limit) bytes")
        }
        return .parts(LanguageReader(opening.open(bytes, "standard input")), path: path)
    }

    private func isLine(_ object: JSONElement) -> Bool {
        guard object.kind == .object else { return false }
        if object["v"] != nil, object["type"]?.text != nil { return true }
        return object["text"]?.text != nil && object["id"] != nil
    }

    // MARK: Lines

    private func item(_ line: FileLines.Line, _ lines: FileLines, _ path: String) -> Item? {
        let place = "'\(JSONText.terminalSafe(path))':\(lines.number)"
        guard case .text(let range) = line else {
            return .problem("\(place): the line is longer than \(Self.longest >> 20) MiB")
        }
        let object: JSONElement
        do {
            object = try parser.parse(lines.bytes, range)
        } catch {
            return .problem("\(place): expected a JSON object: \(error)")
        }
        guard object.kind == .object else { return .problem("\(place): expected a JSON object") }
        let type = object["v"] == nil ? nil : object["type"]?.text
        // Records of other types stand between those of articles wherever a stream is kept.
        if let type, type != "article" { return nil }
        guard let id = object["id"].flatMap({ $0.text ?? $0.integer.map(String.init) }) else {
            return .problem("\(place): expected the member 'id', a string or a whole number")
        }
        let text = type == nil ? object["text"]?.text : object["body"]?.text ?? ""
        guard let text else { return .problem("\(place): expected the member 'text', a string") }
        return .article(
            OfflineArticle(
                id: id, title: object["title"]?.text, text: text, language: object["language"]?.text ?? language))
    }

    // MARK: Parts

    private func item(_ part: ParsedPart, _ path: String) -> Item? {
        switch part.content {
        case .article(let article):
            return .article(
                OfflineArticle(
                    id: article.id.description, title: article.title, text: article.body ?? "",
                    language: article.language))
        case .failed(let error): return problem(part.member.map { "\(path)': '\($0)" } ?? path, error)
        case .ignored: return nil
        }
    }

    private func problem(_ path: String, _ error: any Error) -> Item {
        let cause = (error as? ParseError)?.cause ?? "\(error)"
        let hint = (error as? ParseError)?.hint.map { "; \($0)" } ?? ""
        return .problem("'\(JSONText.terminalSafe(path))': \(JSONText.terminalSafe(cause + hint))")
    }
}
