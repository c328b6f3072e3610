import Articles

/// A date as somebody wrote it, perhaps with a time and a zone.
struct WrittenDate: Equatable {
    var year: Int
    var month: Int
    var day: Int
    /// The time of day; nil where there is a date alone.
    var time: Time?
    /// Minutes east of Greenwich; nil where no zone is said.
    var offset: Int?

    /// A time of day.
    struct Time: Equatable {
        var hour: Int
        var minute: Int
        var second = 0
        var millisecond = 0
    }

    /// The moment, in UTC where no zone is said; nil where there is no such day or time.
    var moment: Timestamp? {
        Timestamp(
            year: year, month: month, day: day, hour: time?.hour ?? 0, minute: time?.minute ?? 0,
            second: time?.second ?? 0, millisecond: time?.millisecond ?? 0, offsetMinutes: offset ?? 0)
    }
}
