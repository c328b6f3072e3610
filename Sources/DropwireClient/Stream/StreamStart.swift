/// Where reading begins.
public enum StreamStart: Sendable, Hashable {
    /// The oldest record that retention has left.
    case beginning
    /// The next record to come.
    case end
    /// The first record that was committed at or after a moment.
    case time(Timestamp)
    /// A record by its sequence number; where retention has removed it, reading ends with ``StreamError/gap(_:)``.
    case seq(UInt64)
    /// The record after a place that was kept.
    case cursor(Cursor)
}
