package import Articles

/// What is exported of the archive: all that it shows, or a part.
package struct ArchiveRange: Sendable {
    /// A search; nil for everything.
    package var query: String?
    /// Articles of this moment and later, by when they were published.
    package var after: Timestamp?
    /// Articles before this moment.
    package var before: Timestamp?
    /// The sequence numbers of the records.
    package var sequence: ClosedRange<UInt64> = 0...UInt64.max

    /// Makes the range of everything.
    package init() {}

    /// Reads a moment as a query has it, `2025-02-26` for the beginning of that day.
    package static func moment(_ text: String) -> Timestamp? { SearchQueryParser.moment(text) }
}
