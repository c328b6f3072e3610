/// What keeps retention from removing records: consumers and groups that are to read them first.
package struct RetentionHold: Sendable, Equatable {
    /// The last record that all of them have read: what is behind it stays.
    package var position: UInt64
    /// Those who have not read the oldest record.
    package var holders: [String]

    /// Makes a hold.
    package init(position: UInt64, holders: [String] = []) {
        self.position = position
        self.holders = holders
    }

    /// Nobody holds anything.
    package static let none = RetentionHold(position: .max)
    /// Nothing is known yet: nothing may go.
    static let unknown = RetentionHold(position: 0)
}
