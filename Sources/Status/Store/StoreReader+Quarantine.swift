package import Messaging
import SQLite

/// What lies in quarantine, read in parts.
extension StoreReader {
    /// A file that lies in quarantine, whole or in part.
    package struct QuarantineRow: Sendable {
        /// The place to page from.
        package var place: QuarantinePlace
        /// Of the log that tells of it.
        package var stream: StreamID?
        /// The `file` record.
        package var record: [UInt8]
    }

    /// A place in the list, which goes by the times at which files were quarantined.
    package struct QuarantinePlace: Sendable, Equatable {
        package var time: Int64
        package var row: Int64

        package init(time: Int64, row: Int64) { (self.time, self.row) = (time, row) }

        /// The text that stands for it.
        package var text: String { "\(time)-\(row)" }

        /// Reads a text; nil where it is none of ours.
        package init?(_ text: String) {
            let numbers = text.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
            guard numbers.count == 2, let time = numbers[0], let row = numbers[1] else { return nil }
            self.init(time: time, row: row)
        }
    }

    private static let quarantineColumns =
        "time_ms, quarantine.rowid, name, record FROM quarantine LEFT JOIN stream ON stream.id=stream"

    /// A page of the files, the last one first.
    package func quarantine(after place: QuarantinePlace?, limit: Int) throws -> [QuarantineRow] {
        try quarantineRows(
            connection.statement(
                """
                SELECT \(StoreReader.quarantineColumns) WHERE (time_ms, quarantine.rowid)<(?, ?)
                ORDER BY time_ms DESC, quarantine.rowid DESC LIMIT ?
                """
            ).bind(1, place?.time ?? .max).bind(2, place?.row ?? .max).bind(3, limit))
    }

    /// The files of a path; of one stream and directory, where they are given.
    package func quarantine(path: String, directory: String?, stream: StreamID?) throws -> [QuarantineRow] {
        try quarantineRows(
            connection.statement(
                """
                SELECT \(StoreReader.quarantineColumns) WHERE path=?1 AND (?2 IS NULL OR directory=?2)
                    AND (?3 IS NULL OR name=?3) ORDER BY time_ms DESC LIMIT 20
                """
            ).bind(1, path).bind(2, directory).bind(3, stream?.description))
    }

    private func quarantineRows(_ query: Statement) throws -> [QuarantineRow] {
        var rows: [QuarantineRow] = []
        try query.forEachRow { row in
            rows.append(
                QuarantineRow(
                    place: QuarantinePlace(time: row.int64(0), row: row.int64(1)), stream: StreamID(row.string(2)),
                    record: row.bytes(3)))
        }
        return rows
    }
}
