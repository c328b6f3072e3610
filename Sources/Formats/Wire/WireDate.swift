import Articles
import TimeZones

/// When a wire message was sent, as its end says.
enum WireDate {
    /// Returns the date in a line, and the line: `AP-WF-02-26-87 0105GMT`, `260105 GMT Feb 87`; nil where there is none.
    static func find(in line: some StringProtocol, _ context: FormatContext) -> (date: ResolvedDate, raw: String)? {
        let raw = line.unicodeScalars.split { $0.value <= 0x20 || $0 == "<" }.map {
            String(String.UnicodeScalarView($0))
        }
        guard let date = anpa(raw) ?? iptc(raw) else { return nil }
        return (date.resolved(in: context.timeZone, received: context.received), raw.joined(separator: " "))
    }

    /// A month, a day and a year between bars behind the names of services, and the time behind them.
    private static func anpa(_ words: [String]) -> WrittenDate? {
        guard words.count == 2 || words.count == 3 else { return nil }
        let parts = words[0].split(separator: "-")
        guard parts.count >= 3, let month = number(parts[parts.count - 3]), let day = number(parts[parts.count - 2]),
            let year = number(parts[parts.count - 1])
        else { return nil }
        let digits = words[1].prefix { $0.isNumber }
        guard digits.count == 4, let clock = number(digits) else { return nil }
        return date(
            year: year, month: month, day: day, clock: clock,
            zone: words.count == 3 ? words[2] : String(words[1].dropFirst(4)))
    }

    /// A day and a time in six digits, a zone or none, a month and a year.
    private static func iptc(_ words: [String]) -> WrittenDate? {
        guard words.count == 3 || words.count == 4, words[0].utf8.count == 6, let group = number(words[0][...]),
            let month = MonthNames.month(words[words.count - 2].lowercased(), language: "en"),
            let year = number(words[words.count - 1][...])
        else { return nil }
        return date(
            year: year, month: month, day: group / 10_000, clock: group % 10_000, zone: words.count == 4 ? words[1] : ""
        )
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.count <= 6 && text.utf8.allSatisfy { $0.isDigit } ? Int(text) : nil
    }

    private static func date(year: Int, month: Int, day: Int, clock: Int, zone: String) -> WrittenDate? {
        let full = year < 70 ? 2000 + year : year < 100 ? 1900 + year : year
        var date = WrittenDate(year: full, month: month, day: day)
        date.time = .init(hour: clock / 100, minute: clock % 100)
        date.offset = ZoneNames.offset(zone.lowercased())
        return date.civil == nil ? nil : date
    }
}
