/// What was committed and not yet taken over by the server's thread, bounded in bytes.
///
/// The records stand in the database: past the bound the oldest are let go, and FETCH reads them from disk while the feed,
/// which promises nothing, leaves them out.
struct CommitMailbox {
    private(set) var records: [LogRecord] = []
    /// Records that have other bytes since; they are few.
    private(set) var replaced: [ReplacedRecord] = []
    /// Records were let go: whoever waits must look into the log.
    private(set) var hasSkipped = false
    private var bytes = 0
    private let capacity: Int

    /// Makes a mailbox for `capacity` bytes; it holds at least the newest record.
    init(capacity: Int) { self.capacity = capacity }

    /// Adds what was committed, in order.
    mutating func add(_ added: [LogRecord]) {
        records.append(contentsOf: added)
        for record in added { bytes += CommitMailbox.cost(record) }
        guard bytes > capacity else { return }
        var first = 0
        while bytes > capacity, first < records.count - 1 {
            bytes -= CommitMailbox.cost(records[first])
            first += 1
        }
        guard first > 0 else { return }
        // Half of it goes at once, so that a long flood does not move the rest at every step.
        while bytes > capacity / 2, first < records.count - 1 {
            bytes -= CommitMailbox.cost(records[first])
            first += 1
        }
        records.removeFirst(first)
        hasSkipped = true
    }

    /// Notes that a record has other bytes now, whether it is still here or was taken before.
    mutating func replace(_ record: ReplacedRecord) {
        replaced.append(record)
        guard let first = records.first?.position.seq, record.seq >= first, record.seq - first < UInt64(records.count)
        else { return }
        let index = Int(record.seq - first)
        bytes += record.bytes.count - records[index].bytes.count
        records[index] = records[index].holding(record.bytes)
    }

    /// Returns what was replaced, and forgets it.
    mutating func takeReplaced() -> [ReplacedRecord] {
        defer { replaced.removeAll() }
        return replaced
    }

    /// Empties it and returns what was in it.
    mutating func take() -> (records: [LogRecord], replaced: [ReplacedRecord], hasSkipped: Bool) {
        defer { self = CommitMailbox(capacity: capacity) }
        return (records, replaced, hasSkipped)
    }

    private static func cost(_ record: LogRecord) -> Int { record.bytes.count + 128 }
}
