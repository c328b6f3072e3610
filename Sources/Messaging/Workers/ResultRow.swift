package import Articles

extension ResultRecord {
    /// The largest row of a REPORT in bytes; a frame of it holds 1 MiB at most.
    package static let largestRow = 512 << 10

    /// Returns the record's bytes as a row of a REPORT.
    ///
    /// A row that no REPORT can carry would be sent again for ever and hold up all that come after it: what was found is
    /// replaced by a reason then.
    package func encodeRow() -> [UInt8] {
        let row = encodeRecord()
        guard row.count > ResultRecord.largestRow else { return row }
        var short = self
        short.status = .failed
        short.data = .object([
            "reason": .string("the result has \(row.count) bytes, more than \(ResultRecord.largestRow)")
        ])
        return short.encodeRecord()
    }
}
