import Articles
import Formats
import Glibc
import Hashing
import Linux
import TOML

/// Reads and parses one complete file: from a path to articles, or to the reason why there are none.
struct FileReader {
    /// What came of it.
    enum Result {
        /// It was read whole and unchanged.
        case read(Reading)
        /// It is another file than was looked at, or changed meanwhile.
        case changed
        /// It was read, and looks as if its end were missing.
        case truncated(Reading)
        /// It is gone.
        case gone
        /// It cannot be opened for now.
        case blocked(String)
    }

    /// A file that was read.
    struct Reading {
        var identity: FileIdentity
        /// 32 bytes; nil where the file was too large to be read.
        var sha256: [UInt8]?
        var received: Timestamp
        var outcome: Swift.Result<ParsedFile, ParseError>
    }

    let formats: FormatRegistry

    /// Errors that are the system's or the whole directory's; any other is this one file's, and the others go on.
    private static let systemErrors = [EMFILE, ENFILE, ENOMEM, ESTALE, ENOTCONN, EHOSTDOWN, EHOSTUNREACH, ETIMEDOUT]

    /// Reads and parses a file.
    ///
    /// - Parameter parseApart: called with a path of the open file before it is parsed; an error stands in for the parse.
    /// - Throws: `SystemError` where the directory or the system is in trouble, which is no fault of the file.
    func read(
        _ path: RelativePath, expecting identity: FileIdentity, in directory: DropDirectory,
        parseApart: ((String) -> ParseError?)?
    ) throws(SystemError) -> Result {
        do {
            return try readWhole(path, expecting: identity, in: directory, parseApart: parseApart)
        } catch  where !FileReader.systemErrors.contains(error.code) {
            return [ENOENT, ENOTDIR, ELOOP].contains(error.code) ? .gone : .blocked(error.description)
        }
    }

    private func readWhole(
        _ path: RelativePath, expecting identity: FileIdentity, in directory: DropDirectory,
        parseApart: ((String) -> ParseError?)?
    ) throws(SystemError) -> Result {
        guard let root = directory.root else { return .gone }
        let configuration = directory.configuration
        let file = try root.open(path)
        let before = try file.status()
        guard before.kind == .regular, FileIdentity(before) == identity else { return .changed }
        var reading = Reading(
            identity: identity, received: Timestamp(milliseconds: Clocks.wallMilliseconds()),
            outcome: .success(ParsedFile(format: "-", articles: [])))
        guard before.size <= configuration.maximumFileBytes.bytes else {
            reading.outcome = .failure(
                .tooLarge(
                    "the file has \(before.size) bytes, max_file_bytes is \(configuration.maximumFileBytes.bytes)"))
            return .read(reading)
        }
        // Every format so far has one article a file: a file above the article's limit need not be held in memory.
        guard before.size <= configuration.maximumArticleBytes.bytes else {
            let limit = configuration.maximumArticleBytes.bytes
            reading.outcome = .failure(
                .tooLarge("the article has \(before.size) bytes, max_article_bytes is \(limit)"))
            return .read(reading)
        }
        // One byte more than it had shows that it grew.
        let bytes = try file.readWhole(size: Int(before.size))
        let after = try file.status()
        guard FileIdentity(after) == identity, after.changed == before.changed, bytes.count == Int(before.size) else {
            return .changed
        }
        let digest = SHA256.hash(bytes)
        reading.sha256 = digest
        // A path that is no text is no argument for a program.
        if let error = parseApart?(path.isUTF8 ? "\(root.path)/\(path)" : file.sharedPath) {
            reading.outcome = .failure(error)
            return .read(reading)
        }
        let context = FormatContext(
            source: configuration.source, language: configuration.language, timeZone: configuration.timeZone,
            path: path.description,
            sha256: Hexadecimal.encode(digest), bytes: bytes.count, received: reading.received,
            maximumArticleBytes: configuration.maximumArticleBytes.bytes)
        let formats = configuration.format.flatMap { self.formats.only($0) } ?? self.formats
        do throws(ParseError) {
            reading.outcome = .success(try formats.parse(bytes, name: Array(path.name), context))
        } catch {
            reading.outcome = .failure(error)
            if error.looksTruncated { return .truncated(reading) }
        }
        return .read(reading)
    }
}

extension ParseError {
    static func tooLarge(_ message: String) -> ParseError {
        ParseError(
            code: .tooLarge, format: "-", message: message,
            hint: "raise the limit of the drop directory and retry")
    }
}
