package import Articles

/// The drop directories of a watcher as its heartbeat has them: as many as there is room for, and the sum of the others.
package struct DirectoryList: Sendable, Equatable, Decodable {
    /// Directories that are not listed one by one.
    package struct Sum: Sendable, Equatable, Decodable {
        package var count = 0
        package var waiting = 0
        package var settling = 0
        package var blocked = 0
        package var left = 0
        package var quarantined = 0
        private enum CodingKeys: String, CodingKey {
            case count, waiting, settling, blocked, left, troubled, paused
            case quarantined = "in_quarantine"
        }

        /// The number of those that are in trouble, and of those that are paused.
        package var troubled = 0
        package var paused = 0

        /// Makes the sum of no directories.
        package init() {}

        /// Adds a directory.
        package mutating func add(_ directory: DirectoryStatus) {
            count += 1
            waiting += directory.waiting
            settling += directory.settling
            blocked += directory.blocked
            left += directory.left
            quarantined += directory.quarantined ?? 0
            troubled += directory.trouble == nil ? 0 : 1
            paused += directory.pausedSince == nil ? 0 : 1
        }

        /// Adds another sum.
        package mutating func add(_ other: Sum) {
            count += other.count
            waiting += other.waiting
            settling += other.settling
            blocked += other.blocked
            left += other.left
            quarantined += other.quarantined
            troubled += other.troubled
            paused += other.paused
        }

        /// Writes it as an object.
        package func write(to writer: inout JSONWriter) {
            writer.beginObject()
            writer.field("count", count)
            writer.field("waiting", waiting)
            writer.field("settling", settling)
            writer.field("blocked", blocked)
            writer.field("left", left)
            writer.field("in_quarantine", quarantined)
            writer.field("troubled", troubled)
            writer.field("paused", paused)
            writer.endObject()
        }
    }

    /// Since when the operator lets nothing be taken from any, milliseconds since 1970; nil where that is not so.
    package var pausedSince: Int64?
    /// Those that are listed: in trouble, paused, with work, and the rest.
    package var listed: [DirectoryStatus]
    /// The sum of the others.
    package var others: Sum

    private enum CodingKeys: String, CodingKey {
        case listed, others
        case pausedSince = "paused_since_ms"
    }

    /// The bytes that a sentence of trouble may have.
    private static let longestTrouble = 400

    /// Lists as many directories as there is room for.
    ///
    /// - Parameter maximumBytes: of the list as JSON.
    package init(_ directories: [DirectoryStatus], pausedSince: Int64?, maximumBytes: Int = 40 << 10) {
        self.pausedSince = pausedSince
        listed = []
        others = Sum()
        var room = maximumBytes
        for var directory in DirectoryStatus.byRank(directories) {
            guard room > 0 else {
                others.add(directory)
                continue
            }
            func shortened(_ text: String?) -> String? {
                text.map { HeartbeatText.shortened($0, to: DirectoryList.longestTrouble) }
            }
            directory.trouble = shortened(directory.trouble)
            directory.unreadableReason = shortened(directory.unreadableReason)
            var writer = JSONWriter(capacity: 512)
            directory.write(to: &writer)
            room -= writer.bytes.count + 1
            if room > 0 { listed.append(directory) } else { others.add(directory) }
        }
    }

    /// Writes it as an object.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("paused_since_ms", pausedSince)
        writer.key("listed")
        writer.beginArray()
        for directory in listed { directory.write(to: &writer) }
        writer.endArray()
        writer.key("others")
        others.write(to: &writer)
        writer.endObject()
    }
}

/// Texts of a heartbeat, which must fit in a frame.
enum HeartbeatText {
    /// Returns a text of at most so many bytes, with a mark where something was cut off.
    static func shortened(_ text: String, to bytes: Int) -> String {
        guard text.utf8.count > bytes else { return text }
        var short = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            guard count <= bytes - 3 else { break }
            short.append(scalar)
        }
        return String(short) + "…"
    }
}
