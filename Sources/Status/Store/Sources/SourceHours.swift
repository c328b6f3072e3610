/// The articles of a day by hour, as a row of the history keeps them: 24 counts of 32 bits, the least byte first.
struct SourceHours: Equatable {
    private(set) var counts = [UInt32](repeating: 0, count: SourceHours.hours)
    static let hours = 24

    init() {}

    /// Reads a row; bytes that are none of ours say nothing.
    init(_ bytes: [UInt8]) {
        guard bytes.count == SourceHours.hours * 4 else { return }
        for hour in counts.indices {
            counts[hour] = (0..<4).reduce(0) { $0 | UInt32(bytes[hour * 4 + $1]) << UInt32($1 * 8) }
        }
    }

    var bytes: [UInt8] {
        counts.flatMap { count in (0..<4).map { UInt8(truncatingIfNeeded: count >> UInt32($0 * 8)) } }
    }

    /// Adds to an hour of the day.
    mutating func add(_ count: Int64, at hour: Int) {
        counts[hour] = UInt32(clamping: Int64(counts[hour]) + count)
    }
}
