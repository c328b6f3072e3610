import Articles

/// The abbreviations of time zones that mean one zone wherever they stand in a date.
///
/// Those that mean several, as IST and BST do, are left to the zone that is assumed; CST and its kin are those of RFC 5322.
enum ZoneNames {
    /// Returns minutes east of Greenwich at a civil time; nil where the word names no zone.
    static func offset(_ word: String, year: Int, month: Int, day: Int) -> Int? {
        if let standard = american[word] {
            return standard + (isAmericanSummer(year: year, month: month, day: day) ? 60 : 0)
        }
        return fixed[word]
    }

    /// Whether a word names a zone at all.
    static func isZone(_ word: String) -> Bool { fixed[word] != nil || american[word] != nil }

    private static let fixed: [String: Int] = [
        "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "west": 60, "cet": 60, "cest": 120, "mez": 60, "mesz": 120,
        "eet": 120, "eest": 180, "msk": 180, "мск": 180, "sast": 120, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480,
        "wib": 420, "pht": 480, "pkt": 300, "aest": 600, "aedt": 660, "acst": 570, "awst": 480, "nzst": 720,
        "nzdt": 780,
        "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
        "akst": -540, "akdt": -480, "hst": -600, "brt": -180, "art": -180, "clt": -240,
    ]

    /// Named without saying whether it is summer.
    private static let american = ["et": -300, "ct": -360, "mt": -420, "pt": -480]

    /// From the second Sunday of March to the first of November, as it has been since 2007.
    private static func isAmericanSummer(year: Int, month: Int, day: Int) -> Bool {
        switch month {
        case 4...10: return true
        case 3: return day >= sunday(2, year: year, month: 3)
        case 11: return day < sunday(1, year: year, month: 11)
        default: return false
        }
    }

    /// The day of a month on which its nth Sunday falls.
    private static func sunday(_ number: Int, year: Int, month: Int) -> Int {
        guard let first = Timestamp(year: year, month: month, day: 1) else { return 1 }
        // The first of January 1970 was a Thursday, the fourth day of a week that begins on Sunday.
        let weekday = Int((first.milliseconds / 86_400_000 + 4) % 7)
        return 1 + (7 - weekday) % 7 + (number - 1) * 7
    }
}
