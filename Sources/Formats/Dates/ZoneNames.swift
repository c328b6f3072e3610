import TimeZones

/// The abbreviations of time zones that mean one zone wherever they stand in a date.
///
/// Those that mean several, as IST and BST do, are left to the zone that is assumed; CST and its kin are those of RFC 5322.
enum ZoneNames {
    /// Minutes east of Greenwich; nil where the word in lower case names no offset.
    static func offset(_ word: String) -> Int? { offsets[word] }

    /// The zone that a word in lower case names without saying whether it is summer; nil where it names none.
    static func zone(_ word: String) -> Zone? { zones[word].flatMap { Zone($0) } }

    private static let offsets: [String: Int] = [
        "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "west": 60, "cet": 60, "cest": 120, "mez": 60, "mesz": 120,
        "eet": 120, "eest": 180, "msk": 180, "мск": 180, "sast": 120, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480,
        "wib": 420, "pht": 480, "pkt": 300, "aest": 600, "aedt": 660, "acst": 570, "awst": 480, "nzst": 720,
        "nzdt": 780, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
        "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "brt": -180, "art": -180,
    ]

    private static let zones = [
        "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
    ]
}
