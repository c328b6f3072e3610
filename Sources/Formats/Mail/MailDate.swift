import Articles

/// Dates as headers of mail have them (RFC 5322, section 3.3, with the obsolete forms): `Wed, 25 Nov 2026 08:12 +0100`,
/// also with comments, a year of two or three digits and the name of a zone.
enum MailDate {
    /// Returns the moment of the first field that is as it should be; without one the first is read as a date of any
    /// other format's field.
    static func read(_ fields: [[UInt8]], _ context: FormatContext) -> ResolvedDate? {
        let fields = fields.prefix(10).map { tokens(of: $0) }
        return fields.lazy.compactMap { exact($0, context) }.first ?? fields.first.flatMap { free($0, context) }
    }

    private static func tokens(of field: [UInt8]) -> [FieldScanner.Token] {
        var scanner = FieldScanner(field, specials: ",:+-")
        var tokens: [FieldScanner.Token] = []
        while let token = scanner.next(), tokens.count < 40 {
            // Most comments name the zone again.
            if case .comment = token { continue }
            if token != .special(UInt8(ascii: ",")) { tokens.append(token) }
        }
        return tokens
    }

    private static func free(_ tokens: [FieldScanner.Token], _ context: FormatContext) -> ResolvedDate? {
        let words = tokens.map { token in
            switch token {
            case .atom(let text), .quoted(let text): String(decoding: text, as: UTF8.self)
            case .special(let byte): String(Unicode.Scalar(byte))
            case .comment: ""
            }
        }
        var text = ""
        for (index, word) in words.enumerated() {
            // Signs belong to what stands beside them.
            let isJoined =
                index == 0 || words[index - 1] == ":" || word == ":" || words[index - 1] == "-"
                || words[index - 1] == "+" || word == "-"
            text += isJoined ? word : " " + word
        }
        return FieldDate.read(text, context)
    }

    private static func exact(_ tokens: [FieldScanner.Token], _ context: FormatContext) -> ResolvedDate? {
        var tokens = tokens[...]
        if case .atom(let word)? = tokens.first, word.allSatisfy(\.isLetter) { tokens.removeFirst() }
        func number() -> Int? {
            guard case .atom(let word)? = tokens.first, word.count <= 4, word.allSatisfy(\.isDigit) else { return nil }
            tokens.removeFirst()
            return Int(String(decoding: word, as: UTF8.self))
        }
        func take(_ byte: UInt8) -> Bool {
            guard tokens.first == .special(byte) else { return false }
            tokens.removeFirst()
            return true
        }
        guard let day = number(), case .atom(let name)? = tokens.popFirst(), let month = month(name),
            case .atom(let digits)? = tokens.first, let year = number().map({ fullYear($0, digits: digits.count) }),
            let hour = number(), take(UInt8(ascii: ":")), let minute = number()
        else { return nil }
        let second = take(UInt8(ascii: ":")) ? number() : 0
        // A second that was put in, which clocks of computers do not have.
        guard let second,
            let civil = Timestamp(
                year: year, month: month, day: day, hour: hour, minute: minute,
                second: min(second, second == 60 ? 59 : 99))
        else { return nil }
        guard let offset = offset(tokens) else {
            return ResolvedDate(civil: civil, zone: context.timeZone, isAssumed: true, received: context.received)
        }
        guard let moment = Timestamp(writable: civil.milliseconds - Int64(offset) * 60_000) else { return nil }
        return ResolvedDate(civil: moment, zone: nil, isAssumed: false, received: context.received)
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// 1 to 12; some write the number.
    private static func month(_ word: [UInt8]) -> Int? {
        let word = String(decoding: word.map(\.lowercased), as: UTF8.self)
        return months.firstIndex(of: String(word.prefix(3))).map { $0 + 1 }
            ?? Int(word).flatMap { (1...12).contains($0) ? $0 : nil }
    }

    /// Two digits are of 1950 to 2049, three count from 1900.
    private static func fullYear(_ year: Int, digits: Int) -> Int {
        switch digits {
        case 1, 2: year < 50 ? 2000 + year : 1900 + year
        case 3: 1900 + year
        default: year
        }
    }

    /// Minutes east of Greenwich; nil where no zone is named that is known.
    private static func offset(_ tokens: ArraySlice<FieldScanner.Token>) -> Int? {
        var tokens = tokens
        switch tokens.popFirst() {
        case .special(let sign)? where sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"):
            guard case .atom(let digits)? = tokens.first, digits.count == 4,
                let number = Int(String(decoding: digits, as: UTF8.self)), number % 100 < 60
            else { return nil }
            let minutes = number / 100 * 60 + number % 100
            return sign == UInt8(ascii: "-") ? -minutes : minutes
        case .atom(let word)?:
            // The letters of the military were used the wrong way round, so that they say nothing.
            if word.count == 1, word[0].isLetter { return 0 }
            // `EST5EDT` is what an unset machine calls its zone.
            return ZoneNames.offset(String(decoding: word.prefix(while: \.isLetter).map(\.lowercased), as: UTF8.self))
        default: return nil
        }
    }
}
