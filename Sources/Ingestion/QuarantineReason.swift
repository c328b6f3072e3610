package import Articles
import FoundationEssentials
import Glibc
import Hashing
import Linux

/// What stands beside a quarantined file, as `<name>.reason.json`.
package struct QuarantineReason: Sendable, Codable, Equatable {
    /// The file's path, relative to the drop directory.
    package var path: String
    /// The path's own bytes in hexadecimal, where they are not UTF-8.
    package var pathBytes: String?
    package var source: String
    /// A word for programs, for example `no_headline`.
    package var code: String
    package var format: String?
    /// Where in the file, for example `line 3` or `byte 120`.
    package var position: String?
    package var message: String
    /// What to do.
    package var hint: String?
    /// How often the file was tried.
    package var attempts: Int
    package var time: Timestamp

    enum CodingKeys: String, CodingKey {
        case path, source, code, format, position, message, hint, attempts, time
        case pathBytes = "path_bytes"
    }

    /// The path as bytes.
    var relativePath: RelativePath {
        RelativePath(bytes: pathBytes.flatMap { Hexadecimal.decode($0) } ?? Array(path.utf8))
    }

    /// The reason as JSON.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("path", path)
        writer.field("path_bytes", pathBytes)
        writer.field("source", source)
        writer.field("code", code)
        writer.field("format", format)
        writer.field("position", position)
        writer.field("message", message)
        writer.field("hint", hint)
        writer.field("attempts", attempts)
        writer.field("time", time.description)
        writer.endObject()
    }

    /// The name of the reason beside a file; a name too long for the suffix is cut and told apart by its digest.
    static func name(for file: RelativePath) -> RelativePath {
        let suffix = Array(".reason.json".utf8)
        guard file.name.count + suffix.count > Int(NAME_MAX) else { return RelativePath(bytes: file.name + suffix) }
        let digest = Array("~\(Hexadecimal.encode(SHA256.hash(Array(file.name)).prefix(8)))".utf8)
        return RelativePath(bytes: file.name.prefix(Int(NAME_MAX) - suffix.count - digest.count) + digest + suffix)
    }

    func write(to folder: Directory, for file: RelativePath) throws(SystemError) {
        var writer = JSONWriter()
        write(to: &writer)
        try folder.write(writer.bytes + [0x0a], to: QuarantineReason.name(for: file))
    }

    /// Reads the reason beside a file; nil where there is none that can be read.
    static func read(from folder: Directory, for file: RelativePath) -> QuarantineReason? {
        read(from: folder, named: name(for: file))
    }

    static func read(from folder: Directory, named name: RelativePath) -> QuarantineReason? {
        guard let file = try? folder.open(name), let bytes = try? file.readAll(expected: 1024, limit: 1 << 20) else {
            return nil
        }
        return try? JSONDecoder().decode(QuarantineReason.self, from: Data(bytes))
    }
}
