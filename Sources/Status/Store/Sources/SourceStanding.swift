package import Articles

/// A source with its history, and whether it has gone quiet.
package struct SourceStanding: Sendable, Equatable {
    /// The place in the list of all sources.
    package var number: Int64
    package var source: String
    /// Articles over the last minute; zero where nobody counts them.
    package var perSecond = 0.0
    /// Articles in each of 24 hours, the last one being this hour so far.
    package var hours: [Int64]
    /// Articles in each of 30 days (UTC), the last one being today so far.
    package var days: [Int64]
    /// Articles of the last 60 minutes and 24 hours; of the hour in which these begin, its share.
    package var lastHour: Int64
    package var lastDay: Int64
    /// When the last article was committed to its watcher's log.
    package var last: Timestamp
    /// The usual time between articles; nil where too little is known.
    package var usualGapSeconds: Int64?
    /// Since when its silence is improbable; nil where it is not.
    package var quietSince: Timestamp?
    /// It has been quiet for so long that it is taken for gone.
    package var isEnded = false

    static let hourCount = 24
    static let dayCount = 30

    /// Whether it comes before another in lists: quiet ones first, those that have ended last, else by articles of a day.
    static func isBefore(_ left: SourceStanding, _ right: SourceStanding) -> Bool {
        func rank(_ standing: SourceStanding) -> (Int, Int64, Int64) {
            (
                standing.quietSince != nil ? 0 : standing.isEnded ? 2 : 1, -standing.lastDay,
                -standing.last.milliseconds
            )
        }
        let (first, second) = (rank(left), rank(right))
        return first == second ? left.source < right.source : first < second
    }

    /// Writes it as an object.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("source", source)
        writer.field("last_hour", lastHour)
        writer.field("last_day", lastDay)
        writer.field("per_second", (perSecond * 100).rounded() / 100)
        writer.array("hours", hours) { $0.integer($1) }
        writer.array("days", days) { $0.integer($1) }
        writer.field("last", last.description)
        writer.field("usual_gap_s", usualGapSeconds)
        writer.field("quiet_since", quietSince?.description)
        if isEnded { writer.field("ended", true) }
        writer.endObject()
    }
}
