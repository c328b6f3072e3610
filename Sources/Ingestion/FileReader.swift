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
        /// It changed meanwhile, or looks truncated while it is young: it settles again.
        case changed
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
    /// A parse that fails at the end of the file within this time of its last change is taken for a copy under way.
    static let truncationAge = Duration.seconds(30)

    /// - Parameter check: called with the content before it is parsed; an error stands in for the parse.
    /// - Throws: `SystemError` where the directory or the system is in trouble, which is no fault of the file.
    func read(
        _ path: RelativePath, expecting identity: FileIdentity, in directory: DropDirectory,
        check: (Directory) -> ParseError?
    ) throws(SystemError) -> Result {
        guard let root = directory.root else { return .gone }
        let configuration = directory.configuration
        let file: FileDescriptor
        do {
            file = try root.open(path)
        } catch {
            switch error.code {
            case ENOENT, ENOTDIR, ELOOP: return .gone
            case EACCES, EPERM: return .blocked(error.description)
            default: throw error
            }
        }
        let before = try file.status()
        guard before.kind == .regular, FileIdentity(before) == identity else { return .changed }
        var reading = Reading(
            identity: identity, received: Timestamp(milliseconds: Clocks.wallMilliseconds()),
            outcome: .failure(ParseError.unread))
        guard before.size <= configuration.maximumBytes.bytes else {
            reading.outcome = .failure(
                .tooLarge("the file has \(before.size) bytes, max_bytes is \(configuration.maximumBytes.bytes)"))
            return .read(reading)
        }
        let bytes = try file.readAll(expected: Int(before.size), limit: configuration.maximumBytes.bytes)
        guard try FileIdentity(file.status()) == identity, bytes.count == Int(before.size) else { return .changed }
        let digest = SHA256.hash(bytes)
        reading.sha256 = digest
        if let error = check(root) {
            reading.outcome = .failure(error)
            return .read(reading)
        }
        let context = FormatContext(
            source: configuration.source, language: configuration.language, path: path.description,
            sha256: Hexadecimal.encode(digest), bytes: bytes.count, received: reading.received,
            maximumArticleBytes: configuration.maximumArticleBytes.bytes)
        do throws(ParseError) {
            reading.outcome = .success(try formats.parse(bytes, name: Array(path.name), context))
        } catch {
            let age = Clocks.wallMilliseconds() - before.modified / 1_000_000
            if error.looksTruncated, (0..<FileReader.truncationAge.wholeMilliseconds).contains(age) { return .changed }
            reading.outcome = .failure(error)
        }
        return .read(reading)
    }
}

extension ParseError {
    static let unread = ParseError(code: "unread", format: "-", message: "the file was not read")

    static func tooLarge(_ message: String) -> ParseError {
        ParseError(
            code: "too_large", format: "-", message: message, hint: "raise max_bytes of the drop directory and retry")
    }
}
