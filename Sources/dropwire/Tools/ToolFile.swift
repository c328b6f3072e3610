import Formats
import Hashing
import Ingestion
import Linux
import TOML

/// A file that a tool reads as the watcher would.
enum ToolFile {
    /// Opens a file; what is wrong with its content is told by the reader.
    static func open(
        _ path: String, _ parser: FileParser, _ context: FormatContext, limits: DropDirectoryConfiguration
    ) throws -> any PartReader {
        var context = context
        let name = Array((path.split(separator: "/").last ?? "").utf8)
        let file = try FileDescriptor(path: path)
        let status = try file.status()
        guard status.kind == .regular else {
            // A pipe, which cannot be read twice.
            return open(
                try file.readAll(expected: 64 << 10, limit: limits.maximumFileBytes.bytes), name: name, parser, context)
        }
        let source = FileBytes(file, size: Int(status.size))
        context.bytes = source.size
        var digest = SHA256()
        while case let piece = try source.read(upTo: 1 << 20), !piece.isEmpty { digest.update(piece) }
        context.sha256 = Hexadecimal.encode(digest.finish())
        source.seek(to: 0)
        return try parser.open(source, name: name, context)
    }

    /// Opens a file of which all bytes are in memory.
    static func open(
        _ bytes: [UInt8], name: [UInt8], _ parser: FileParser, _ context: FormatContext
    ) -> any PartReader {
        var context = context
        context.bytes = bytes.count
        context.sha256 = Hexadecimal.encode(SHA256.hash(bytes))
        return parser.open(bytes, name: name, context)
    }
}
