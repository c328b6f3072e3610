import Articles
import Messaging

/// The results that are not known to be stored: they stand in the checkpoint until they are.
struct ReportQueue {
    private struct Key: Hashable {
        let stream: String
        let epoch: UInt32
        let seq: UInt64

        init(_ record: ResultRecord) {
            stream = record.stream
            epoch = record.epoch
            seq = record.seq
        }
    }

    private struct Row {
        let id: Int64
        let record: ResultRecord
        let bytes: [UInt8]
    }

    private var rows: [Row] = []
    private var bytes = 0
    private var lastID: Int64 = 0
    private static let maximumRows = 1000
    private static let maximumBytes = 4 << 20

    init(_ records: [ResultRecord] = []) { replace([], by: records) }

    var isEmpty: Bool { rows.isEmpty }
    var count: Int { rows.count }
    var records: [ResultRecord] { rows.map(\.record) }
    /// More results would make the checkpoint too large: nothing more is applied until the status service has taken some.
    var isFull: Bool { rows.count >= ReportQueue.maximumRows || bytes >= ReportQueue.maximumBytes }

    /// The first rows, within the limits of one REPORT.
    func batch(maximum: Int = 400, maximumBytes: Int = 512 << 10) -> [(id: Int64, bytes: [UInt8])] {
        var batch: [(id: Int64, bytes: [UInt8])] = []
        var size = 0
        for row in rows.prefix(maximum) {
            size += row.bytes.count
            if !batch.isEmpty, size > maximumBytes { break }
            batch.append((row.id, row.bytes))
        }
        return batch
    }

    /// Removes what is stored.
    mutating func remove(upTo id: Int64) {
        rows.removeAll { $0.id <= id }
        bytes = rows.reduce(0) { $0 + $1.bytes.count }
    }

    /// Takes over what a committed checkpoint has.
    ///
    /// - Parameters:
    ///   - before: what was open when the checkpoint was begun: what of it is not here any more was stored meanwhile.
    ///   - after: what stands in the checkpoint.
    mutating func replace(_ before: [ResultRecord], by after: [ResultRecord]) {
        let old = Dictionary(before.map { (Key($0), $0) }, uniquingKeysWith: { $1 })
        let open = Dictionary(rows.map { (Key($0.record), $0) }, uniquingKeysWith: { $1 })
        rows = after.compactMap { record in
            let key = Key(record)
            if old[key] == record { return open[key] }
            lastID += 1
            return Row(id: lastID, record: record, bytes: record.encodeRow())
        }
        bytes = rows.reduce(0) { $0 + $1.bytes.count }
    }
}
