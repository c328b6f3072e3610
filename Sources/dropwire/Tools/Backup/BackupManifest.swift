import Articles
import FoundationEssentials
import Hashing
import Linux
import Messaging

/// What a backup consists of: `manifest.json` in its directory.
struct BackupManifest: Decodable {
    /// A file of the backup.
    struct File: Decodable {
        /// Below the backup, and below the state directory.
        var path: String
        var bytes: Int
        /// Of the whole content, hexadecimal.
        var sha256: String
    }

    /// A log in one of the files.
    struct Log: Decodable {
        var path: String
        var stream: StreamID
        var epoch: UInt32
        var head: UInt64
    }

    static let name = "manifest.json"
    /// The version of this description.
    static let version = 1

    var v = BackupManifest.version
    /// The version of the program that made it.
    var dropwire = Version.text
    /// When, as RFC 3339.
    var created: String
    var files: [File] = []
    var logs: [Log] = []

    init(created: Timestamp) { self.created = created.description }

    /// Reads the manifest of a backup.
    ///
    /// - Throws: ``ConfigurationError`` where the directory holds none; `NewerState` where it is one of a later version.
    init(directory: String) throws {
        guard try Directory.status(path: "\(directory)/\(BackupManifest.name)") != nil else {
            throw ConfigurationError(description: "'\(directory)' is no backup: it has no \(BackupManifest.name)")
        }
        let file = try FileDescriptor(path: "\(directory)/\(BackupManifest.name)")
        self = try JSONDecoder().decode(
            BackupManifest.self, from: Data(file.readAll(expected: 4096, limit: 1 << 20)))
        guard v == BackupManifest.version else {
            throw NewerState(
                name: "the manifest of a backup", path: "\(directory)/\(BackupManifest.name)", version: Int64(v),
                known: Int64(BackupManifest.version))
        }
        let isWithin = files.allSatisfy { file in
            !file.path.hasPrefix("/") && !file.path.split(separator: "/").contains("..")
        }
        guard isWithin else { throw ConfigurationError(description: "the backup names files outside of itself") }
    }

    /// The bytes of all files.
    var bytes: Int { files.reduce(0) { $0 + $1.bytes } }

    /// The manifest as JSON.
    var json: [UInt8] {
        Reply { writer in
            writer.field("v", v)
            writer.field("dropwire", dropwire)
            writer.field("created", created)
            writer.key("files")
            writer.beginArray()
            for file in files {
                writer.beginObject()
                writer.field("path", file.path)
                writer.field("bytes", file.bytes)
                writer.field("sha256", file.sha256)
                writer.endObject()
            }
            writer.endArray()
            writer.key("logs")
            writer.beginArray()
            for log in logs {
                writer.beginObject()
                writer.field("path", log.path)
                writer.field("stream", log.stream.description)
                writer.field("epoch", log.epoch)
                writer.field("head", log.head)
                writer.endObject()
            }
            writer.endArray()
        }.json
    }

    /// Describes a file by its content, and makes it durable.
    static func describe(_ path: String, in directory: String) throws -> File {
        let file = try FileDescriptor(path: "\(directory)/\(path)")
        var digest = SHA256()
        var bytes = 0
        while true {
            let piece = try file.read(upTo: 1 << 20)
            if piece.isEmpty { break }
            digest.update(piece)
            bytes += piece.count
        }
        try file.sync()
        return File(path: path, bytes: bytes, sha256: Hexadecimal.encode(digest.finish()))
    }
}
