/// How fast something grows, and when it is full. A pure function of its samples.
struct StorageForecast: Equatable {
    /// Bytes at an hour since 1970.
    struct Sample: Equatable {
        var hour: Int64
        var bytes: Int64
    }

    /// What the growth meets.
    struct Bounds {
        var bytes: Int64
        /// Its own limit, and the free bytes of the file system; nil where there is none, or it is not known.
        var limit: Int64?
        var free: Int64?
        /// How long records are kept, and how old the oldest is, in milliseconds; nil where it is not known.
        var retention: Int64?
        var age: Int64?
        /// The oldest go where the limit is reached: it is no end.
        var makesRoom = false
    }

    /// Bytes a day; nil where there are no samples of a quarter of a day.
    let bytesPerDay: Int64?
    /// When it is full as it grows; nil where it does not grow, or what it grows to fits.
    let fullAt: Int64?

    private static let day: Double = 86_400_000
    /// The samples that are looked back on, and those that it takes.
    static let hours: Int64 = 7 * 24
    private static let minimumHours: Int64 = 6

    /// Finds it out.
    init(_ samples: [Sample], _ bounds: Bounds, now: Int64) {
        guard let growth = StorageForecast.growth(samples) else {
            (bytesPerDay, fullAt) = (nil, nil)
            return
        }
        bytesPerDay = Int64(growth.rounded())
        let rooms = [bounds.makesRoom ? nil : bounds.limit.map { $0 - bounds.bytes }, bounds.free].compactMap { $0 }
        guard growth >= 1, let room = rooms.min().map({ Double(max(0, $0)) }) else {
            fullAt = nil
            return
        }
        var more = Double.infinity
        // Once the oldest is as old as retention lets it be, as much goes as comes.
        if let retention = bounds.retention, let age = bounds.age {
            more = growth * Double(max(0, retention - age)) / StorageForecast.day
        }
        if bounds.makesRoom, let limit = bounds.limit { more = min(more, Double(max(0, limit - bounds.bytes))) }
        let end = Double(now) + room / growth * StorageForecast.day
        // What is further off than a hundred years is never.
        fullAt = more <= room || room / growth > 36_500 ? nil : Int64(end)
    }

    /// The slope of the line through the samples, in bytes a day.
    private static func growth(_ samples: [Sample]) -> Double? {
        let first = samples.map(\.hour).min() ?? 0
        guard let last = samples.map(\.hour).max(), last - first >= minimumHours else { return nil }
        let points = samples.map { (x: Double($0.hour - first) / 24, y: Double($0.bytes)) }
        let count = Double(points.count)
        let (x, y) = (points.reduce(0) { $0 + $1.x } / count, points.reduce(0) { $0 + $1.y } / count)
        let (above, below) = points.reduce((0.0, 0.0)) { sum, point in
            (sum.0 + (point.x - x) * (point.y - y), sum.1 + (point.x - x) * (point.x - x))
        }
        return below > 0 ? above / below : nil
    }
}
