import Articles
import TimeZones

/// A date as somebody wrote it, perhaps with a time and a zone.
struct WrittenDate: Equatable {
    var year: Int
    var month: Int
    var day: Int
    /// The time of day; nil where there is a date alone.
    var time: Time?
    /// Minutes east of Greenwich; nil where none are said.
    var offset: Int?
    /// A zone that was named without its offset, as `ET`.
    var zone: Zone?

    /// A time of day.
    struct Time: Equatable {
        var hour: Int
        var minute: Int
        var second = 0
        var millisecond = 0
    }

    /// The civil time as if it were UTC, or the moment where an offset is said; nil where there is no such day or time.
    var civil: Timestamp? {
        Timestamp(
            year: year, month: month, day: day, hour: time?.hour ?? 0, minute: time?.minute ?? 0,
            second: time?.second ?? 0, millisecond: time?.millisecond ?? 0, offsetMinutes: offset ?? 0)
    }

    /// Returns the moment, in an assumed zone where the date does not say its own; a moment after `received` is doubtful.
    func resolved(in assumed: Zone, received: Timestamp) -> ResolvedDate {
        guard let civil else { return ResolvedDate(warnings: ["date_invalid"]) }
        return ResolvedDate(
            civil: civil, zone: offset == nil ? zone ?? assumed : nil, isAssumed: offset == nil && zone == nil,
            received: received)
    }
}
