import Articles

/// Finds the first date in a text, in the forms that people, publishing systems and protocols write.
///
/// `2021-03-03T17:04:00-05:00`, `20210303`, `Wed, 03 Mar 2021 17:04:00 GMT`,
/// `Wed Mar 3 17:04:00 CET 2021`, `March 3, 2021 at 5:04 pm ET`,
/// `3. März 2021, 17.04 Uhr`, `3 de marzo de 2021`, `2021年3月3日 17:04`, `03/03/21`, and Unix time in seconds or milliseconds.
/// A numeric date of unclear order is read as the language has it.
struct DateReader {
    private let tokens: [DateToken]
    private let language: Substring
    private let isMonthFirst: Bool

    /// Regions in which English has the day before the month.
    private static let dayFirst: Set<Substring> = [
        "gb", "au", "nz", "ie", "in", "za", "ng", "ke", "sg", "my", "hk", "mt", "pk", "jm", "tt",
    ]
    private static let betweenMonthAndYear = joints.union(ordinals)
    private static let betweenDayAndMonth = betweenMonthAndYear.union(["-"])

    /// Returns the first date in a text, which is read to its 300th character; `language` is BCP 47.
    static func date(in text: some StringProtocol, language: String) -> WrittenDate? {
        let reader = DateReader(text, language: language)
        return reader.find()
    }

    private init(_ text: some StringProtocol, language: String) {
        tokens = DateToken.read(text.prefix(300))
        let parts = language.lowercased().split(separator: "-")
        self.language = parts.first ?? "und"
        let region = parts.dropFirst().last
        // Without a language the slash is the American habit and the point is not.
        isMonthFirst =
            ["en", "und", "fil"].contains(self.language)
            && !(region.map { DateReader.dayFirst.contains($0) } ?? false)
    }

    private func find() -> WrittenDate? {
        for index in tokens.indices {
            if case .number(_, let digits) = tokens[index], index == tokens.startIndex, let found = unix(index, digits)
            {
                return found
            }
            guard let (date, next) = numeric(index) ?? named(index) ?? eastern(index) else { continue }
            var found = date
            guard (1...12).contains(found.month), (1...31).contains(found.day), found.civil != nil else { continue }
            readTime(&found, after: next, before: index)
            return found.civil == nil ? nil : found
        }
        return nil
    }

    // MARK: Tokens

    private func number(_ index: Int) -> (value: Int, digits: Int)? {
        guard tokens.indices.contains(index), case .number(let value, let digits) = tokens[index] else { return nil }
        return (value, digits)
    }

    private func word(_ index: Int) -> String? {
        guard tokens.indices.contains(index), case .word(let word) = tokens[index] else { return nil }
        return word
    }

    private func mark(_ index: Int) -> Character? {
        guard tokens.indices.contains(index), case .mark(let mark) = tokens[index] else { return nil }
        return mark
    }

    /// The index behind spaces, points, commas and words that only join.
    private func skip(_ index: Int, words: Set<String> = []) -> Int {
        var index = index
        while tokens.indices.contains(index) {
            switch tokens[index] {
            case .mark(let mark) where ", .\u{2009}\u{a0}'’".contains(mark): index += 1
            case .word(let word) where words.contains(word): index += 1
            default: return index
            }
        }
        return index
    }

    private func year(_ index: Int, allowsShort: Bool = false) -> Int? {
        guard let (value, digits) = number(index) else { return nil }
        if digits == 4 {
            // The Buddhist era, as Thai pages count.
            if (2440...2643).contains(value) { return value - 543 }
            return (1700...2199).contains(value) ? value : nil
        }
        return allowsShort && digits == 2 ? (value < 70 ? 2000 + value : 1900 + value) : nil
    }

    // MARK: Dates

    private func unix(_ index: Int, _ digits: Int) -> WrittenDate? {
        guard tokens.count == 1, digits == 10 || digits == 13, let (value, _) = number(index) else { return nil }
        let moment = Timestamp(milliseconds: Int64(digits == 10 ? value * 1000 : value)).description
        guard var date = DateReader.date(in: moment, language: "und") else { return nil }
        date.offset = 0
        return date
    }

    /// `2021-03-03`, `2021/3/3`, `3.3.2021`, `3/3/21`, `20210303`.
    private func numeric(_ index: Int) -> (WrittenDate, Int)? {
        guard let (first, digits) = number(index) else { return nil }
        if digits == 8 || digits == 14 || digits == 12 {
            let day = digits == 8 ? first : first / (digits == 14 ? 1_000_000 : 10_000)
            guard (1900...2199).contains(day / 10_000) else { return nil }
            var date = WrittenDate(year: day / 10_000, month: day / 100 % 100, day: day % 100)
            if digits > 8 {
                let clock = digits == 14 ? first % 1_000_000 : first % 10_000 * 100
                date.time = .init(hour: clock / 10_000, minute: clock / 100 % 100, second: clock % 100)
            }
            return (date, index + 1)
        }
        // "3. 3. 2021", "26 | 01 | 2022"
        var next = index + 1
        let isSpaced = mark(next) == " " && mark(next + 1) == "|"
        if isSpaced { next += 1 }
        guard digits <= 4, let separator = mark(next), "-/.‐–|".contains(separator) else { return nil }
        next += 1
        if mark(next) == " " { next += 1 }
        guard let (second, secondDigits) = number(next), secondDigits <= 2 else { return nil }
        next += 1
        if isSpaced, mark(next) == " " { next += 1 }
        guard mark(next) == separator else { return nil }
        next += 1
        if mark(next) == " " { next += 1 }
        guard let (third, thirdDigits) = number(next) else { return nil }
        next += 1
        if digits == 4 {
            guard let year = year(index), thirdDigits <= 2 else { return nil }
            return (WrittenDate(year: year, month: second, day: third), next)
        }
        guard digits <= 2, let year = year(next - 1, allowsShort: true) else { return nil }
        if thirdDigits == 2, digits == 2, first > 31 { return nil }
        let monthFirst = second > 12 || isMonthFirst && separator != "." && first <= 12
        return (
            WrittenDate(year: year, month: monthFirst ? first : second, day: monthFirst ? second : first), next
        )
    }

    /// `3 March 2021`, `March 3, 2021`, `2021 March 3`, with the words that languages put between.
    private func named(_ index: Int) -> (WrittenDate, Int)? {
        if let (day, digits) = number(index), digits <= 2 {
            let at = skip(index + 1, words: DateReader.betweenDayAndMonth)
            let named = mark(at) == "-" || mark(at) == "/" ? at + 1 : at
            if let (month, behind) = month(named) {
                let place = skip(behind, words: DateReader.joints)
                let yearAt = mark(place) == "-" || mark(place) == "/" ? place + 1 : place
                guard let year = year(yearAt, allowsShort: yearAt != place) else { return nil }
                return (WrittenDate(year: year, month: month, day: day), yearAt + 1)
            }
        }
        if let (month, behind) = month(index) {
            let at = skip(behind, words: DateReader.joints)
            guard let (day, digits) = number(at), digits <= 2 else { return nil }
            let yearAt = skip(at + 1, words: DateReader.betweenMonthAndYear)
            guard let year = year(yearAt) else { return printed(month, day, yearAt) }
            return (WrittenDate(year: year, month: month, day: day), yearAt + 1)
        }
        if let year = year(index) {
            let at = skip(index + 1, words: DateReader.joints)
            // Latvian has the day before the month all the same: "2021. gada 3. martā".
            if let (day, digits) = number(at), digits <= 2, let (month, behind) = month(skip(at + 1)) {
                return (WrittenDate(year: year, month: month, day: day), behind)
            }
            guard let (month, behind) = month(at) else { return nil }
            let dayAt = skip(behind, words: DateReader.joints)
            guard let (day, digits) = number(dayAt), digits <= 2 else { return nil }
            return (WrittenDate(year: year, month: month, day: day), dayAt + 1)
        }
        return nil
    }

    /// `Wed Mar 3 17:04:00 CET 2021`, as programs print it: the time and the zone stand before the year.
    private func printed(_ month: Int, _ day: Int, _ index: Int) -> (WrittenDate, Int)? {
        guard let (time, behind) = time(index) else { return nil }
        var yearAt = skip(behind)
        if word(yearAt) != nil { yearAt = skip(yearAt + 1) }
        guard let year = year(yearAt) else { return nil }
        var date = WrittenDate(year: year, month: month, day: day, time: time)
        readZone(&date, after: behind)
        return (date, yearAt + 1)
    }

    /// `2021年3月3日`, `2021년 3월 3일`.
    private func eastern(_ index: Int) -> (WrittenDate, Int)? {
        guard let year = year(index), let unit = word(skip(index + 1)), unit == "年" || unit == "년" else { return nil }
        let monthAt = skip(skip(index + 1) + 1)
        guard let (month, _) = number(monthAt), let unit = word(skip(monthAt + 1)), unit == "月" || unit == "월" else {
            return nil
        }
        let dayAt = skip(skip(monthAt + 1) + 1)
        guard let (day, _) = number(dayAt) else { return nil }
        let unitAt = skip(dayAt + 1)
        let hasUnit = word(unitAt).map { $0 == "日" || $0 == "일" || $0 == "号" } ?? false
        return (WrittenDate(year: year, month: month, day: day), hasUnit ? unitAt + 1 : dayAt + 1)
    }

    private func month(_ index: Int) -> (month: Int, next: Int)? {
        guard let word = word(index) else { return nil }
        // Vietnamese numbers its months; the months of the Levant have two words.
        if word == "tháng" {
            let at = skip(index + 1)
            guard let (value, _) = number(at), (1...12).contains(value) else { return nil }
            return (value, at + 1)
        }
        if let second = self.word(index + 2), mark(index + 1) == " ",
            let month = MonthNames.month(word + " " + second, language: language)
        {
            return (month, index + 3)
        }
        return MonthNames.month(word, language: language).map { ($0, index + 1) }
    }

    // MARK: Times

    private func readTime(_ date: inout WrittenDate, after next: Int, before start: Int) {
        if date.time == nil {
            var index = next
            // A word or two may stand between: "at", "um", "kl.", a weekday.
            var isLate = false
            for _ in 0..<12 where tokens.indices.contains(index) {
                if case (var time, let behind)? = time(index) {
                    if isLate, time.hour < 12 { time.hour += 12 }
                    date.time = time
                    readZone(&date, after: behind)
                    return
                }
                if number(index) != nil { break }
                // Korean and Chinese say the half of the day first.
                if let half = word(index).flatMap(DateReader.half) { isLate = half }
                index += 1
            }
            // Some write the time first: "17:04, 3 March 2021".
            if let (time, behind) = tokens.indices.prefix(start).lazy.compactMap({ time($0) }).first, behind <= start {
                date.time = time
            }
        } else {
            readZone(&date, after: next)
        }
    }

    private func time(_ index: Int) -> (WrittenDate.Time, Int)? {
        guard let (hour, digits) = number(index), digits <= 2, hour <= 24 else {
            // 170400, behind a date and a T.
            if let (value, digits) = number(index), digits == 6 || digits == 4, word(index - 1) == "t" {
                let clock = digits == 6 ? value : value * 100
                return (.init(hour: clock / 10_000, minute: clock / 100 % 100, second: clock % 100), index + 1)
            }
            return nil
        }
        var time = WrittenDate.Time(hour: hour, minute: 0)
        var next = index + 1
        let separator = mark(next)
        let separatorWord = word(next)
        if separator == ":" || separator == "." || separatorWord == "h" || separatorWord == "時" || separatorWord == "时"
            || separatorWord == "시"
        {
            var minuteAt = next + 1
            if mark(minuteAt) == " " { minuteAt += 1 }
            if let (minute, digits) = number(minuteAt), digits == 2, minute < 60 {
                time.minute = minute
                next = minuteAt + 1
                if word(next) == "分" || word(next) == "분" { next += 1 }
                if mark(next) == ":", let (second, digits) = number(next + 1), digits == 2, second <= 60 {
                    time.second = second
                    next += 2
                    if mark(next) == "." || mark(next) == ",", let (fraction, digits) = number(next + 1), digits <= 9 {
                        time.millisecond = DateReader.milliseconds(fraction, digits)
                        next += 2
                    }
                }
            } else if separatorWord == nil {
                return nil
            } else {
                next += 1
            }
        } else {
            // An hour alone needs a word: "5 pm", "17 Uhr".
            guard let word = word(skip(next)), DateReader.half(word) != nil || word == "uhr" else { return nil }
        }
        let halfAt = skip(next)
        if let word = word(halfAt), let isLate = DateReader.half(word) {
            guard time.hour <= 12 || isLate else { return nil }
            if isLate, time.hour < 12 { time.hour += 12 }
            if !isLate, time.hour == 12 { time.hour = 0 }
            next = halfAt + 1
            if mark(next) == ".", DateReader.half(word) != nil { next += 1 }
        }
        guard time.hour < 24 else { return nil }
        return (time, next)
    }

    private func readZone(_ date: inout WrittenDate, after index: Int) {
        var next = skip(index, words: ["uhr", "hrs", "hours", "h", "m"])
        if mark(next) == "(" { next += 1 }
        if let word = word(next) {
            if let zone = ZoneNames.zone(word) {
                date.zone = zone
                return
            }
            if let offset = ZoneNames.offset(word) {
                date.offset = offset
                next += 1
                guard word == "gmt" || word == "utc" else { return }
            }
        }
        guard let sign = mark(next), sign == "+" || sign == "-" || sign == "−", let (value, digits) = number(next + 1)
        else { return }
        var minutes: Int
        if digits == 4 {
            minutes = value / 100 * 60 + value % 100
        } else if digits <= 2 {
            minutes = value * 60
            if mark(next + 2) == ":", let (rest, digits) = number(next + 3), digits == 2 { minutes += rest }
        } else {
            return
        }
        guard minutes <= 14 * 60 else { return }
        if sign != "+" { minutes = -minutes }
        date.offset = minutes
    }

    private static func milliseconds(_ fraction: Int, _ digits: Int) -> Int {
        var value = fraction
        var digits = digits
        while digits > 3 {
            value /= 10
            digits -= 1
        }
        while digits < 3 {
            value *= 10
            digits += 1
        }
        return value
    }

    /// Whether a word says the second half of the day; nil where it says neither.
    private static func half(_ word: String) -> Bool? {
        switch word {
        case "pm", "p.m", "nachmittags", "μμ", "오후", "下午", "午後": true
        case "am", "a.m", "vormittags", "πμ", "오전", "上午", "午前": false
        default: nil
        }
    }

    private static let joints: Set<String> = [
        "de", "del", "di", "gada", "of", "da", "do", "m", "г", "d", "ng", "den", "the", "năm", "ngày", "a",
    ]
    private static let ordinals: Set<String> = ["st", "nd", "rd", "th", "er", "º", "ª", "e", "ος", "η"]
}
