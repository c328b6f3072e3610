/// The sources that are shown one by one, and what the others are.
package struct SourceList: Sendable, Equatable {
    /// Those that somebody should look at first.
    package var shown: [SourceStanding] = []
    /// How many more there are.
    package var others = 0
    /// How many of all are quiet.
    package var quiet = 0

    /// The most that are shown.
    static let limit = 100

    /// Makes the list of no sources.
    package init() {}

    /// Makes the list of all sources.
    init(_ standings: [SourceStanding]) {
        shown = Array(standings.sorted(by: SourceStanding.isBefore).prefix(SourceList.limit))
        others = standings.count - shown.count
        quiet = standings.count { $0.quietSince != nil }
    }
}
