/// The most recent records of a log, bounded in bytes: what almost every FETCH asks for.
struct LogRing {
    private var records: [LogRecord] = []
    /// Index of the first living record in `records`; the dead ones before it are cut away now and then.
    private var start = 0
    private var bytes = 0
    private let capacity: Int

    /// Makes a ring that holds at most `capacity` bytes of records.
    init(capacity: Int) { self.capacity = capacity }

    /// The first sequence number that it holds; nil while it is empty.
    var first: UInt64? { start < records.count ? records[start].position.seq : nil }

    /// The commit time of a record that it holds; nil for others.
    func time(of seq: UInt64) -> Int64? {
        guard let first, seq >= first, seq - first < UInt64(records.count - start) else { return nil }
        return records[start + Int(seq - first)].position.timeMilliseconds
    }

    /// Adds the record after the last one.
    mutating func append(_ record: LogRecord) {
        if let last = records.last, last.position.seq + 1 != record.position.seq { self = LogRing(capacity: capacity) }
        records.append(record)
        bytes += record.bytes.count + 128
        while bytes > capacity, start < records.count {
            bytes -= records[start].bytes.count + 128
            records[start] = LogRecord(position: records[start].position, topic: "", bytes: [])
            start += 1
        }
        if start > 4096, start * 2 > records.count {
            records.removeFirst(start)
            start = 0
        }
    }

    /// Gives a record that it holds other bytes.
    mutating func replace(_ record: ReplacedRecord) {
        guard let first, record.seq >= first, record.seq - first < UInt64(records.count - start) else { return }
        let index = start + Int(record.seq - first)
        bytes += record.bytes.count - records[index].bytes.count
        records[index] = records[index].holding(record.bytes)
    }

    /// Reads as ``LogReader/read(after:head:filter:bounds:)`` does; nil where the ring does not reach from the record
    /// after `seq` to `head`.
    func read(after seq: UInt64, head: UInt64, filter: TopicFilter, bounds: LogReader.Bounds) -> LogReader.Slice? {
        guard let first, let last = records.last, seq + 1 >= first, last.position.seq >= head else { return nil }
        var slice = LogReader.Slice(next: seq)
        guard seq < last.position.seq else { return slice }
        var filter = filter
        var bytes = 0
        for (looked, record) in records[(start + Int(seq + 1 - first))...].enumerated() {
            if looked == bounds.rows { break }
            if filter.matches(record.topic) {
                if !slice.records.isEmpty, bytes + record.bytes.count > bounds.bytes { break }
                if slice.records.count == bounds.records { break }
                bytes += record.bytes.count
                slice.records.append(record)
            }
            slice.next = record.position.seq
        }
        return slice
    }
}
