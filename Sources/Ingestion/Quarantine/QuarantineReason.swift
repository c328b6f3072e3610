package import Articles
import FoundationEssentials
import Glibc
import Hashing
import Linux

/// What stands beside a quarantined file, as `<name>.reason.json`.
package struct QuarantineReason: Sendable, Codable, Equatable {
    /// What the file is asked for by: its path below the quarantine, which may have a suffix where the name was taken.
    package var name = ""
    /// The same in hexadecimal, where it is not UTF-8.
    package var nameBytes: String?
    /// The file's path when it was dropped, relative to the drop directory.
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
    /// The names of what belongs to the file and lies beside it, with `*` for the file's own name.
    package var companions: [String]?
    /// The path of the whole file, where this is a part of one.
    package var file: String?
    /// The part's place in the whole file.
    package var part: Int?
    /// The member's path, where the whole file is a container.
    package var member: String?

    enum CodingKeys: String, CodingKey {
        case name, path, source, code, format, position, message, hint, attempts, time, companions, file, part, member
        case nameBytes = "name_bytes"
        case pathBytes = "path_bytes"
    }

    /// The reason of a file that is kept under a path below the quarantine.
    func stored(as path: RelativePath) -> QuarantineReason {
        var reason = self
        reason.name = path.description
        reason.nameBytes = path.isUTF8 ? nil : Hexadecimal.encode(path.bytes)
        return reason
    }

    /// The name as bytes.
    var storedPath: RelativePath {
        RelativePath(bytes: nameBytes.flatMap { Hexadecimal.decode($0) } ?? Array(name.utf8))
    }

    /// The path as bytes.
    var relativePath: RelativePath {
        RelativePath(bytes: pathBytes.flatMap { Hexadecimal.decode($0) } ?? Array(path.utf8))
    }

    /// The reason as JSON.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("name_bytes", nameBytes)
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
        writer.field("companions", companions ?? [])
        writer.field("file", file)
        writer.field("part", part)
        writer.field("member", member)
        writer.endObject()
    }

    private static let suffix = Array(".reason.json".utf8)

    /// A name is that of a reason.
    static func isName(_ name: RelativePath) -> Bool { name.bytes.suffix(suffix.count).elementsEqual(suffix) }

    /// The name of the reason beside a file; a name too long for the suffix is cut and told apart by its digest.
    static func name(for file: RelativePath) -> RelativePath {
        guard file.name.count + suffix.count > Int(NAME_MAX) else { return RelativePath(bytes: file.name + suffix) }
        let digest = Array("~\(Hexadecimal.encode(SHA256.hash(Array(file.name)).prefix(8)))".utf8)
        return RelativePath(bytes: file.name.cut(to: Int(NAME_MAX) - suffix.count - digest.count) + digest + suffix)
    }

    /// The reason as the bytes of one JSON object.
    var json: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// Writes it beside a file, durably.
    ///
    /// - Parameter copies: where it stands while it is half-written.
    func write(to folder: Directory, for file: RelativePath, by copies: Directory) throws(SystemError) {
        try folder.write(json + [0x0a], to: QuarantineReason.name(for: file), by: copies)
    }

    /// Reads what stands beside a quarantined file; where that is missing or cannot be read, it says so.
    ///
    /// - Parameters:
    ///   - file: its path below the quarantine.
    ///   - root: the drop directory.
    static func read(of file: RelativePath, in root: Directory, _ directory: String) throws(SystemError)
        -> QuarantineReason
    {
        let path = name(for: file).below(file.parent ?? RelativePath("")).below(Disposal.quarantine)
        do throws(SystemError) {
            let bytes = try root.open(path).readAll(expected: 1024, limit: 1 << 20)
            if let reason = try? JSONDecoder().decode(QuarantineReason.self, from: Data(bytes)) {
                return reason.stored(as: file)
            }
        } catch  where error.code == ENOENT {}
        let status = try root.status(of: file.below(Disposal.quarantine))
        let reason = QuarantineReason(
            path: file.description, pathBytes: file.isUTF8 ? nil : Hexadecimal.encode(file.bytes),
            source: DropDirectoryConfiguration(path: directory).source, code: ReasonCode.reasonLost.rawValue,
            message: "the reason that should stand beside it is missing or cannot be read", attempts: 1,
            time: Timestamp(milliseconds: (status?.changed ?? 0) / 1_000_000))
        return reason.stored(as: file)
    }
}
