import Articles
import TimeZones

/// The moment of a date, with the zone that it was read in.
struct ResolvedDate {
    /// The moment; nil where there is no such day or time.
    var moment: Timestamp?
    /// The zone that was assumed, nil where the date says its own.
    var assumedZone: String?
    /// What is doubtful about it: `date_invalid`, `date_skipped`, `date_ambiguous`, `date_future`.
    var warnings: [String] = []
}

extension Article {
    /// Sets when it was published, with what is doubtful about that; `raw` is the date as it was written.
    mutating func setPublished(_ date: ResolvedDate, raw: String?) {
        published = date.moment
        publishedRaw = raw
        assumedTimeZone = date.assumedZone
        ingest.warnings += date.warnings
    }
}

extension ResolvedDate {
    /// Reads a civil time, given as if it were UTC, in a zone; without one it is UTC, or in the offset already reckoned in.
    ///
    /// A time that clocks skip or show twice is taken by the offset before their change, with a warning.
    ///
    /// - Parameters:
    ///   - isAssumed: whether the zone was not said, so that it is told.
    ///   - received: a moment after it is doubtful.
    init(civil: Timestamp, zone: Zone?, isAssumed: Bool, received: Timestamp) {
        var moment = civil
        var warnings: [String] = []
        if let zone {
            let (seconds, rest) = civil.milliseconds.quotientAndRemainder(dividingBy: 1000)
            let taken: Int64
            switch zone.moments(ofCivil: seconds) {
            case .unique(let moment): taken = moment
            case .skipped(let moment):
                taken = moment
                warnings.append("date_skipped")
            case .repeated(let moment):
                taken = moment
                warnings.append("date_ambiguous")
            }
            // The last evening of the year 9999 is no longer in it elsewhere.
            guard let writable = Timestamp(writable: taken * 1000 + rest) else {
                self.init(warnings: ["date_invalid"])
                return
            }
            moment = writable
        }
        if moment > received { warnings.append("date_future") }
        self.init(moment: moment, assumedZone: isAssumed ? zone?.name : nil, warnings: warnings)
    }
}
