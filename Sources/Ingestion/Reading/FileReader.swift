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
        /// It has more in it than is held in memory: it is to be read piece by piece.
        case long
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

    let root: Directory
    let configuration: DropDirectoryConfiguration
    private let parser: FileParser

    /// Makes the reader of an open directory.
    init(root: Directory, configuration: DropDirectoryConfiguration) {
        self.root = root
        self.configuration = configuration
        parser = FileParser(
            formats: configuration.formats, rules: configuration.containerRules, kinds: configuration.kinds)
    }

    /// Reads and parses a file, and first what lies beside it.
    ///
    /// - Parameters:
    ///   - limit: what is held in memory of a file's parts.
    ///   - verdict: stands in for the parse.
    ///   - onRead: called when the content is in memory.
    /// - Throws: what `onRead` throws.
    func read(
        _ next: DropDirectory.Next, upTo limit: FileContent.Limit = .init(), verdict: ParseError? = nil,
        onRead: (() throws -> Void)? = nil
    ) throws -> Result {
        var reading = Reading(
            identity: next.identity, received: Timestamp(milliseconds: Clocks.wallMilliseconds()),
            content: .success(FileContent()), companions: next.companions)
        if case .ignore(let code) = next.purpose {
            reading.content = .success(FileContent(ignored: code))
            return .read(reading)
        }
        do {
            let sidecars = try sidecars(of: next)
            guard let bytes = try readWhole(next.path, &reading, upTo: limit) else { return .changed }
            try onRead?()
            try sidecars?.verify(sha256: reading.sha256 ?? [], md5: sidecars?.needsMD5 == true ? md5(of: bytes) : nil)
            if let verdict { throw verdict }
            reading.contentKey = sidecars?.contentKey(of: reading.sha256 ?? [])
            guard let content = try parse(bytes, next.path, reading, sidecars, upTo: limit) else { return .long }
            reading.content = .success(content)
            return content.endError?.looksTruncated == true ? .truncated(reading) : .read(reading)
        } catch let error as SystemError {
            let isGone = error.isOfNothing
            return isGone ? .gone : .trouble(Trouble(error, during: .read))
        } catch let error as ParseError {
            reading.content = .failure(error)
            if error.code == .checksumMismatch { return .mismatch(reading) }
            return error.looksTruncated ? .truncated(reading) : .read(reading)
        } catch is IsLong {
            guard let verdict else { return .long }
            reading.content = .failure(verdict)
            return .read(reading)
        } catch Sidecars.Failure.changed {
            return .changed
        }
    }

    /// The file is read piece by piece.
    private struct IsLong: Error {}

    /// Returns what lies beside a file; nil where nothing does.
    ///
    /// - Throws: ``ParseError`` where it cannot be read as what it is, `Sidecars.Failure.changed`, `SystemError`.
    func sidecars(of next: DropDirectory.Next) throws -> Sidecars? {
        guard !next.companions.isEmpty else { return nil }
        do {
            return try Sidecars(next.companions, of: next.path, in: root, timeZone: configuration.timeZone)
        } catch Sidecars.Failure.failed(let error) {
            throw error
        }
    }

    /// Returns a file's bytes and notes their digest; nil where the file changed.
    private func readWhole(
        _ path: RelativePath, _ reading: inout Reading, upTo limit: FileContent.Limit
    ) throws -> [UInt8]? {
        let file = try openFile(path)
        let before = try file.status()
        guard before.kind == .regular, FileIdentity(before) == reading.identity else { return nil }
        try refuse(file, before, path, limit)
        // One byte more than it had shows that it grew.
        let bytes = try file.readWhole(size: Int(before.size))
        let after = try file.status()
        guard FileIdentity(after) == reading.identity, after.changed == before.changed, bytes.count == Int(before.size)
        else { return nil }
        reading.sha256 = SHA256.hash(bytes)
        return bytes
    }

    private func md5(of bytes: [UInt8]) -> [UInt8]? {
        guard var digest = MD5() else { return nil }
        digest.update(bytes)
        return digest.finish()
    }

    /// Opens a file, or what a link leads to where links are followed.
    func openFile(_ path: RelativePath) throws(SystemError) -> FileDescriptor {
        do throws(SystemError) { return try root.open(path) } catch {
            guard error.code == ELOOP, configuration.symbolicLinks == .follow else { throw error }
        }
        return try root.openTarget(of: path)
    }

    /// Opens a file that is read piece by piece, with all of it behind its first bytes.
    func open(
        _ bytes: FileBytes, _ path: RelativePath, _ sidecars: Sidecars?, sha256: [UInt8], received: Timestamp
    ) throws -> any PartReader {
        let parts = try parser.open(bytes, name: Array(path.name), context(path, sha256, bytes.size, received))
        return completed(parts, sidecars)
    }

    /// Adds to parts what the file does not say itself: what lies beside it, and then the language.
    private func completed(_ parts: any PartReader, _ sidecars: Sidecars?) -> any PartReader {
        let merged: any PartReader = sidecars?.metadata.map { MergingReader(parts, $0) } ?? parts
        return configuration.detectsLanguage ? LanguageReader(merged) : merged
    }

    /// Throws where a file is not held in memory: it is too large, or read piece by piece.
    private func refuse(
        _ file: borrowing FileDescriptor, _ status: FileStatus, _ path: RelativePath, _ limit: FileContent.Limit
    ) throws {
        guard status.size > limit.bytes || status.size > configuration.maximumFileBytes.bytes else { return }
        let start = try file.read(upTo: FileParser.sniffedBytes, at: 0)
        if parser.isReadInPieces(start, name: Array(path.name)) { throw IsLong() }
        let fileLimit = configuration.maximumFileBytes.bytes
        let articleLimit = configuration.maximumArticleBytes.bytes
        if status.size > fileLimit {
            throw ParseError.tooLarge("the file has \(status.size) bytes, max_file_bytes is \(fileLimit)")
        }
        // Every other format has one article a file: a file above the article's limit need not be held in memory.
        if status.size > articleLimit {
            throw ParseError.tooLarge("the article has \(status.size) bytes, max_article_bytes is \(articleLimit)")
        }
    }

    /// Returns what a file holds; nil where that is more than is held in memory.
    private func parse(
        _ bytes: [UInt8], _ path: RelativePath, _ reading: Reading, _ sidecars: Sidecars?, upTo limit: FileContent.Limit
    ) throws -> FileContent? {
        let name = Array(path.name)
        let context = context(path, reading.sha256 ?? [], bytes.count, reading.received)
        guard parser.isReadInPieces(bytes, name: name) else {
            var parsed = try parser.parse(bytes, name: name, context)
            sidecars?.metadata?.merge(into: &parsed)
            if configuration.detectsLanguage { parsed.settleLanguages() }
            return FileContent(parsed, topicSource: configuration.topic)
        }
        var content = FileContent()
        try content.fill(
            from: completed(parser.open(bytes, name: name, context), sidecars), upTo: limit,
            topicSource: configuration.topic, maximumFailures: configuration.maximumFailedParts)
        return content.isLast ? content : nil
    }

    private func context(
        _ path: RelativePath, _ sha256: [UInt8], _ bytes: Int, _ received: Timestamp
    ) -> FormatContext {
        var context = FormatContext(
            source: configuration.source, language: configuration.language, timeZone: configuration.timeZone,
            path: path.description, sha256: Hexadecimal.encode(sha256), bytes: bytes, received: received,
            maximumArticleBytes: configuration.maximumArticleBytes.bytes)
        context.isSourceAssumed = configuration.isSourceAssumed
        return context
    }
}

extension ParseError {
    static func tooLarge(_ message: String) -> ParseError {
        ParseError(
            code: .tooLarge, format: "-", message: message,
            hint: "raise the limit of the drop directory and retry")
    }
}
