import Articles
import Hashing
import Ingestion
import Linux
import Messaging

/// What the watcher answers on its admin socket of its drop directories, and lets the operator do.
enum WatchAdmin {
    /// How long a tool waits for a batch that is in hand.
    static let patience = Duration.seconds(5)

    /// STATUS: every drop directory, and what is wrong with the whole.
    static func status(_ intake: Intake, _ reloader: Reloader) -> Reply {
        let snapshot = intake.snapshot
        return Reply { writer in
            writer.field("first_scan_done", snapshot.isFirstScanDone)
            writer.field("in_hand", snapshot.inHand)
            writer.field("trouble", snapshot.trouble ?? reloader.trouble)
            write(snapshot, to: &writer)
        }
    }

    private struct PauseBody: Decodable {
        var directory: String?
    }

    /// PAUSE and RESUME, of a directory or of all; answers with the directories as they are then.
    static func setPause(_ request: Request, _ isPaused: Bool, _ intake: Intake) throws -> Reply {
        let body = try request.decode(PauseBody.self)
        // One directory has one path, as the configuration has it.
        let path = body.directory.map { DropDirectoryConfiguration(path: $0).path }
        let snapshot: IntakeSnapshot?
        do {
            snapshot = try intake.setPause(path, isPaused, within: patience)
        } catch Intake.PauseRefused.unknown(let path, let known) {
            let near = Suggestion.text(for: path, among: known)
            throw WireError(.notFound, "NOT_FOUND", "'\(path)' is not a drop directory of this watcher\(near)")
        } catch Intake.PauseRefused.notStored(let reason) {
            throw WireError(.unavailable, "UNAVAILABLE", "nothing was changed: \(reason)", retryMilliseconds: 5000)
        }
        return Reply { writer in
            // A batch of large files takes a while; what was asked for comes after it.
            writer.field("in_force", snapshot != nil)
            write(snapshot ?? intake.snapshot, to: &writer)
        }
    }

    private struct FileBody: Decodable {
        var directory: String
        var path: String
        var pathBytes: String?
        var bytes: Int
        var sha256: String
        var received: String

        enum CodingKeys: String, CodingKey {
            case directory, path, bytes, sha256, received
            case pathBytes = "path_bytes"
        }
    }

    /// FILE: where a dropped file lies now and, if it is not too large, its bytes as payload. It is described by members of
    /// its `file` record.
    static func file(_ request: Request, _ intake: Intake) throws -> Reply {
        let body = try request.decode(FileBody.self)
        guard let directory = intake.snapshot.directories.first(where: { $0.path == body.directory }) else {
            throw WireError(.notFound, "NOT_FOUND", "'\(body.directory)' is not a drop directory of this watcher")
        }
        guard let sha256 = Hexadecimal.decode(body.sha256), let received = Timestamp(body.received), body.bytes >= 0,
            let path = body.pathBytes.map({ Hexadecimal.decode($0) }) ?? Array(body.path.utf8), !path.isEmpty,
            !path.contains(0)
        else { throw WireError.badRequest("FILE: 'path', 'bytes', 'sha256' and 'received' are those of a file record") }
        let description = OriginalFile.Description(
            path: RelativePath(bytes: path), bytes: body.bytes, sha256: sha256, received: received)
        guard let found = try OriginalFile.find(description, in: directory.path, archive: directory.archivePath) else {
            throw WireError(
                .notFound, "NOT_FOUND",
                "'\(body.path)' lies neither in '\(directory.path)' nor in its archive or quarantine")
        }
        return Reply(payload: found.content.map { [$0] } ?? []) { writer in
            writer.field("place", found.place.rawValue)
            writer.field("path", found.path)
        }
    }

    private static func write(_ snapshot: IntakeSnapshot, to writer: inout JSONWriter) {
        writer.field("paused_since_ms", snapshot.pausedSince)
        writer.key("directories")
        writer.beginArray()
        for directory in snapshot.directories { DirectoryStatus(directory).write(to: &writer) }
        writer.endArray()
    }
}

extension DirectoryStatus {
    /// Takes what the intake says of a directory.
    init(_ directory: IntakeSnapshot.Directory) {
        self.init(path: directory.path, source: directory.source)
        waiting = directory.waiting
        settling = directory.settling
        unaccompanied = directory.unaccompanied
        blocked = directory.blocked
        left = directory.left
        quarantined = directory.quarantined
        unreadable = directory.unreadable
        unreadableReason = directory.unreadableReason
        archiveRemoved = directory.archiveRemoved
        priority = directory.priority
        filesPerSecond = directory.filesPerSecond
        bytesPerSecond = directory.bytesPerSecond
        oldestWaiting = directory.oldestWaitingMilliseconds
        pausedSince = directory.pausedSince
        trouble = directory.trouble
    }
}
