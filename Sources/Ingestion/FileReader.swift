import Articles
import Formats
import Glibc
import Hashing
import Linux
import TOML

/// Reads and parses the complete files of one drop directory: from a path to the records of its articles, or to the
/// reason why there are none. It keeps nothing and does not change, so that it may work on another thread.
final class FileReader {
    /// What came of a file.
    enum Result {
        /// It was read whole and unchanged.
        case read(Reading)
        /// It is another file than was looked at, or changed meanwhile.
        case changed
        /// It was read, and looks as if its end were missing.
        case truncated(Reading)
        /// It is not what its checksum says.
        case mismatch(Reading)
        /// It is gone.
        case gone
        /// It cannot be read for now; the trouble says whom that concerns.
        case trouble(Trouble)
    }

    /// What is done on the way.
    struct Steps {
        /// Called with a path of the open file before it is parsed; an error stands in for the parse.
        var parseApart: ((String) -> ParseError?)?
        /// Called when the content is in memory.
        var onRead: (() throws -> Void)?
    }

    private let root: Directory
    private let configuration: DropDirectoryConfiguration
    private let formats: FormatRegistry

    /// Makes the reader of an open directory.
    init(root: Directory, configuration: DropDirectoryConfiguration) {
        self.root = root
        self.configuration = configuration
        formats = configuration.format.flatMap { FormatRegistry.standard.only($0) } ?? .standard
    }

    /// Reads and parses a file, and first what lies beside it.
    ///
    /// - Throws: what ``Steps/onRead`` throws.
    func read(_ next: DropDirectory.Next, _ steps: Steps = Steps()) throws -> Result {
        var reading = Reading(
            identity: next.identity, received: Timestamp(milliseconds: Clocks.wallMilliseconds()),
            content: .success(Reading.Content()), companions: next.companions)
        if case .ignore(let code) = next.purpose {
            reading.content = .success(Reading.Content(ignoredReason: code))
            return .read(reading)
        }
        do {
            let sidecars = try readSidecars(of: next)
            return try readWhole(next.path, &reading, sidecars, steps)
        } catch let error as SystemError {
            let isGone = [ENOENT, ENOTDIR, ELOOP].contains(error.code)
            return isGone ? .gone : .trouble(Trouble(error, during: .read))
        } catch let failure as Sidecars.Failure {
            guard case .failed(let error) = failure else { return .changed }
            reading.content = .failure(error)
            if error.code == .checksumMismatch { return .mismatch(reading) }
            return error.looksTruncated ? .truncated(reading) : .read(reading)
        }
    }

    /// Reads what lies beside a file, and compares the file with its checksums; nil where nothing does.
    private func readSidecars(of next: DropDirectory.Next) throws -> Sidecars? {
        guard !next.companions.isEmpty else { return nil }
        let sidecars = try Sidecars(next.companions, of: next.path, in: root, timeZone: configuration.timeZone)
        try sidecars.verify(next.identity) { try root.openFile(next.path, configuration.symbolicLinks) }
        return sidecars
    }

    private func readWhole(
        _ path: RelativePath, _ reading: inout Reading, _ sidecars: Sidecars?, _ steps: Steps
    ) throws -> Result {
        let file = try root.openFile(path, configuration.symbolicLinks)
        let before = try file.status()
        guard before.kind == .regular, FileIdentity(before) == reading.identity else { return .changed }
        guard before.size <= configuration.maximumFileBytes.bytes else {
            reading.content = .failure(
                .tooLarge(
                    "the file has \(before.size) bytes, max_file_bytes is \(configuration.maximumFileBytes.bytes)"))
            return .read(reading)
        }
        // Every format so far has one article a file: a file above the article's limit need not be held in memory.
        guard before.size <= configuration.maximumArticleBytes.bytes else {
            let limit = configuration.maximumArticleBytes.bytes
            reading.content = .failure(
                .tooLarge("the article has \(before.size) bytes, max_article_bytes is \(limit)"))
            return .read(reading)
        }
        // One byte more than it had shows that it grew.
        let bytes = try file.readWhole(size: Int(before.size))
        let after = try file.status()
        guard FileIdentity(after) == reading.identity, after.changed == before.changed, bytes.count == Int(before.size)
        else {
            return .changed
        }
        let digest = SHA256.hash(bytes)
        reading.sha256 = digest
        try steps.onRead?()
        // A path that is no text is no argument for a program.
        if let error = steps.parseApart?(path.isUTF8 ? "\(root.path)/\(path)" : file.sharedPath) {
            reading.content = .failure(error)
            return .read(reading)
        }
        let context = FormatContext(
            source: configuration.source, language: configuration.language, timeZone: configuration.timeZone,
            path: path.description, sha256: Hexadecimal.encode(digest), bytes: bytes.count, received: reading.received,
            maximumArticleBytes: configuration.maximumArticleBytes.bytes)
        do throws(ParseError) {
            var parsed = try formats.parse(bytes, name: Array(path.name), context)
            if let sidecars, let metadata = sidecars.metadata {
                metadata.merge(into: &parsed)
                reading.contentKey = sidecars.metadataDigest.map { SHA256.hash(digest + $0) }
            }
            reading.content = .success(Reading.Content(parsed, topicSource: configuration.topic))
        } catch {
            reading.content = .failure(error)
            if error.looksTruncated { return .truncated(reading) }
        }
        return .read(reading)
    }
}

extension Directory {
    /// Opens a file, or what a link leads to where links are followed.
    fileprivate func openFile(
        _ path: RelativePath, _ links: DropDirectoryConfiguration.SymbolicLinks
    ) throws(SystemError) -> FileDescriptor {
        do throws(SystemError) { return try open(path) } catch {
            guard error.code == ELOOP, links == .follow else { throw error }
        }
        return try openTarget(of: path)
    }
}

extension ParseError {
    static func tooLarge(_ message: String) -> ParseError {
        ParseError(
            code: .tooLarge, format: "-", message: message,
            hint: "raise the limit of the drop directory and retry")
    }
}
