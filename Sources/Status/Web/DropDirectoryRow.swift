import Articles
import Messaging

/// A drop directory as the page shows it: what its watcher last said of it.
struct DropDirectoryRow: Sendable {
    /// What somebody should know first.
    enum State: String {
        case watched, paused, trouble
        /// Its watcher has not been heard of lately: the numbers are old.
        case silent
    }

    /// The watcher's name, with its host where that is another one.
    var watcher: String
    var directory: DirectoryStatus
    var state: State
    /// What is wrong, in a sentence; nil where nothing is.
    var note: String?
    /// Since when it is paused by the operator, by itself or with all others.
    var pausedSince: Timestamp?

    init(_ directory: DirectoryStatus, of process: StatusBoard.Process) {
        watcher = process.label
        self.directory = directory
        let since = directory.pausedSince ?? process.heartbeat.directories?.pausedSince
        pausedSince = since.map { Timestamp(milliseconds: $0) }
        note = directory.trouble
        state = note != nil ? .trouble : since != nil ? .paused : .watched
        if note == nil, directory.unreadable > 0 {
            note =
                "\(Wording.count(directory.unreadable, "folder")) in it cannot be read"
                + (directory.unreadableReason.map { ": \($0)" } ?? "")
        }
        if !process.isAlive {
            state = .silent
            note = "nothing was heard of \(watcher) for \(Wording.span(process.age.components.seconds))"
        }
    }

    private static let ranks: [State: Int] = [.trouble: 0, .silent: 1, .paused: 2, .watched: 3]

    /// The rows of all watchers, those that somebody should look at first, else by path, so that none jumps about; and the
    /// sum of the directories for which `limit` leaves no room.
    static func rows(
        of processes: [StatusBoard.Process], limit: Int = .max
    ) -> (rows: [DropDirectoryRow], others: DirectoryList.Sum) {
        var others = DirectoryList.Sum()
        var rows: [DropDirectoryRow] = []
        for process in processes {
            guard let list = process.heartbeat.directories else { continue }
            others.add(list.others)
            for (index, directory) in list.listed.enumerated() {
                // The list has its most important ones first.
                if index < limit {
                    rows.append(DropDirectoryRow(directory, of: process))
                } else {
                    others.add(directory)
                }
            }
        }
        rows.sort { left, right in
            let (first, second) = (ranks[left.state] ?? 9, ranks[right.state] ?? 9)
            return (first, left.directory.path, left.watcher) < (second, right.directory.path, right.watcher)
        }
        for row in rows.dropFirst(limit) { others.add(row.directory) }
        return (Array(rows.prefix(limit)), others)
    }

    /// Writes it as an object: what the watcher said, and what follows from it.
    func write(to writer: inout JSONWriter) {
        var own = JSONWriter(capacity: 512)
        directory.write(to: &own)
        var more = JSONWriter(capacity: 256)
        more.beginObject()
        more.field("watcher", watcher)
        more.field("state", state.rawValue)
        more.field("note", note)
        more.field("paused_since", pausedSince?.description)
        more.field("oldest_waiting", directory.oldestWaiting.map { Timestamp(milliseconds: $0).description })
        more.endObject()
        writer.raw(own.bytes.dropLast() + [UInt8(ascii: ",")] + more.bytes.dropFirst())
    }
}
