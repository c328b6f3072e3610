import Articles
import Formats
import Hashing
import Ingestion
import Linux
import TOML
import TimeZones

/// How tools read files without a drop directory: what stands for its keys.
struct FileOpening {
    /// The source of the articles; the folder's name where it is nil.
    var source: String?
    /// The language of articles that do not say theirs.
    var language: String?
    /// The zone of dates that do not say theirs.
    var timeZone = Zone.utc
    /// The formats that are asked.
    var formats = FormatRegistry.standard
    /// Told why each file and member is read as what it is.
    var explain: (@Sendable (Explanation) -> Void)?

    /// Opens a file, or a pipe, for its parts.
    func open(_ path: String) throws -> any PartReader {
        let file = try FileDescriptor(path: path)
        let status = try file.status()
        var (parser, context) = make(path)
        guard status.kind == .regular else {
            // A pipe, which cannot be read twice.
            return open(try file.readAll(expected: 64 << 10, limit: Self.defaults(path).maximumFileBytes.bytes), path)
        }
        let source = FileBytes(file, size: Int(status.size))
        context.bytes = source.size
        var digest = SHA256()
        while case let piece = try source.read(upTo: 1 << 20), !piece.isEmpty { digest.update(piece) }
        context.sha256 = Hexadecimal.encode(digest.finish())
        source.seek(to: 0)
        return try parser.open(source, name: Self.name(path), context)
    }

    /// Opens what was read already.
    func open(_ bytes: [UInt8], _ path: String) -> any PartReader {
        var (parser, context) = make(path)
        context.bytes = bytes.count
        context.sha256 = Hexadecimal.encode(SHA256.hash(bytes))
        return parser.open(bytes, name: Self.name(path), context)
    }

    private func make(_ path: String) -> (FileParser, FormatContext) {
        let defaults = Self.defaults(path)
        var context = FormatContext(
            source: source ?? defaults.source, language: language ?? defaults.language, timeZone: timeZone, path: path,
            sha256: "", bytes: 0, received: Timestamp(milliseconds: Clocks.wallMilliseconds()),
            maximumArticleBytes: defaults.maximumArticleBytes.bytes)
        context.isSourceAssumed = source == nil
        context.explain = explain
        return (FileParser(formats: formats, rules: defaults.containerRules), context)
    }

    private static func name(_ path: String) -> [UInt8] { Array((path.split(separator: "/").last ?? "").utf8) }

    /// What a drop directory has that says nothing.
    static func defaults(_ path: String) -> DropDirectoryConfiguration {
        let folder = path.split(separator: "/").dropLast().last.map(String.init) ?? "files"
        return DropDirectoryConfiguration(path: "/" + folder)
    }
}
