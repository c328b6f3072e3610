/// Which parts of a file are published: all of them, or where its content was dropped before those that were not.
struct PartSelection {
    /// The parts up to ``beyond`` that were not published; nil for all parts.
    private let only: Set<Int>?
    private let beyond: Int

    /// Every part.
    static let all = PartSelection(only: nil, beyond: 0)

    /// The parts that failed, and those behind the last one that was read.
    static func rest(failed: Set<Int>, beyond: Int) -> PartSelection { PartSelection(only: failed, beyond: beyond) }

    /// Every part is published.
    var isAll: Bool { only == nil }

    /// A part is published.
    func takes(_ part: Int) -> Bool { only.map { part > beyond || $0.contains(part) } ?? true }
}
