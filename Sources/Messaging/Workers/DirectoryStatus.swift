package import Articles

/// What a watcher says of one of its drop directories.
package struct DirectoryStatus: Sendable, Equatable, Decodable {
    package var path: String
    package var source: String
    /// Complete files that were not taken yet.
    package var waiting = 0
    /// Files that are not complete yet.
    package var settling = 0
    /// Files that wait for a marker or a checksum.
    package var unaccompanied = 0
    /// Files that cannot be taken for now.
    package var blocked = 0
    /// Files that are done and stay where they are.
    package var left = 0
    /// Files that lie in its quarantine; nil until they were counted.
    package var quarantined: Int?
    /// Files that retention has removed from its archive since the start.
    package var archiveRemoved = 0
    /// Folders in it that cannot be read, and why one of them cannot; the others go on.
    package var unreadable = 0
    package var unreadableReason: String?
    package var priority = 0
    /// Taken over the last minute.
    package var filesPerSecond = 0.0
    package var bytesPerSecond = 0.0
    /// When the oldest file that waits was last changed, milliseconds since 1970; nil where none waits.
    package var oldestWaiting: Int64?
    /// Since when the operator lets nothing be taken from it, milliseconds since 1970; nil where that is not so.
    package var pausedSince: Int64?
    /// Why nothing is taken from it, in a sentence; nil where nothing is wrong.
    package var trouble: String?

    private enum CodingKeys: String, CodingKey {
        case path, source, waiting, settling, unaccompanied, blocked, left, unreadable, priority, trouble
        case quarantined = "in_quarantine"
        case unreadableReason = "unreadable_reason"
        case archiveRemoved = "archive_removed"
        case filesPerSecond = "files_per_second"
        case bytesPerSecond = "bytes_per_second"
        case oldestWaiting = "oldest_waiting_ms"
        case pausedSince = "paused_since_ms"
    }

    /// Makes one that says nothing yet.
    package init(path: String, source: String) {
        self.path = path
        self.source = source
    }

    /// Writes it as an object.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("path", path)
        writer.field("source", source)
        writer.field("waiting", waiting)
        writer.field("settling", settling)
        writer.field("unaccompanied", unaccompanied)
        writer.field("blocked", blocked)
        writer.field("left", left)
        writer.field("in_quarantine", quarantined)
        writer.field("archive_removed", archiveRemoved)
        writer.field("unreadable", unreadable)
        writer.field("unreadable_reason", unreadableReason)
        writer.field("priority", priority)
        writer.field("files_per_second", (filesPerSecond * 100).rounded() / 100)
        writer.field("bytes_per_second", bytesPerSecond.rounded())
        writer.field("oldest_waiting_ms", oldestWaiting)
        writer.field("paused_since_ms", pausedSince)
        writer.field("trouble", trouble)
        writer.endObject()
    }

    /// How much it should be seen: those in trouble first, then the paused ones, those with work, and the rest.
    private var rank: Int {
        if trouble != nil { return 0 }
        if pausedSince != nil { return 1 }
        return waiting + settling + unaccompanied + blocked + unreadable > 0 ? 2 : 3
    }

    /// Returns directories in the order in which they should be seen; of the same rank they keep theirs.
    package static func byRank(_ directories: [DirectoryStatus]) -> [DirectoryStatus] {
        let ranked = directories.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
        return ranked.map(\.element)
    }
}
