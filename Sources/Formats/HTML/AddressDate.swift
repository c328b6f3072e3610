/// The date in a page's address, as many publishing systems put it there: `/2021/03/04/`, `/2021/mar/04/`, `-20210304.html`.
enum AddressDate {
    /// Returns the date in an address and how it stands there; nil where there is none.
    static func date(in address: String, language: String) -> (date: WrittenDate, raw: String)? {
        let parts = address.split { !$0.isLetter && !$0.isNumber }
        for index in parts.indices {
            if let date = compact(parts[index]) { return (date, String(parts[index])) }
            guard index + 2 < parts.endIndex else { continue }
            let (first, second, third) = (parts[index], parts[index + 1], parts[index + 2])
            let raw = String(address[first.startIndex..<third.endIndex])
            // Day and month stand in the order of the page's language.
            if let year = number(third, 4), isYear(year), number(first, 2) != nil, number(second, 2) != nil,
                let date = DateReader.date(in: "\(first)-\(second)-\(third)", language: language)
            {
                return (date, raw)
            }
            guard let year = number(first, 4), isYear(year), third.count <= 2, let day = Int(third) else { continue }
            let month = second.count <= 2 ? Int(second) : MonthNames.month(second.lowercased(), language: "en")
            if let date = date(year, month ?? 0, day) { return (date, raw) }
        }
        return nil
    }

    /// `20210304` and `04032021`; a number of eight digits is seldom a day by chance.
    private static func compact(_ part: Substring) -> WrittenDate? {
        guard let value = number(part, 8) else { return nil }
        return date(value / 10_000, value / 100 % 100, value % 100)
            ?? date(value % 10_000, value / 10_000 % 100, value / 1_000_000)
    }

    private static func date(_ year: Int, _ month: Int, _ day: Int) -> WrittenDate? {
        let date = WrittenDate(year: year, month: month, day: day)
        return isYear(year) && date.civil != nil ? date : nil
    }

    private static func number(_ part: Substring, _ digits: Int) -> Int? { part.count == digits ? Int(part) : nil }

    private static func isYear(_ year: Int) -> Bool { (1990...2100).contains(year) }
}
