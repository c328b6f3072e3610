/// A moment: milliseconds since 1970-01-01T00:00:00Z, written as RFC 3339 in UTC.
public struct Timestamp: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
    public let milliseconds: Int64

    /// Makes a moment from milliseconds since 1970.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Makes a moment from a civil date and time; nil where there is no such day or time of day.
    ///
    /// A second of 60 (a leap second) is taken as the following second.
    public init?(
        year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, millisecond: Int = 0,
        offsetMinutes: Int = 0
    ) {
        guard (0...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Timestamp.daysInMonth(year: year, month: month),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second),
            (0...999).contains(millisecond), (-1439...1439).contains(offsetMinutes)
        else { return nil }
        let seconds = Timestamp.days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
        let moment = Int64((seconds - offsetMinutes * 60) * 1000 + millisecond)
        // An offset or a leap second may lead out of the years that RFC 3339 can write.
        self.init(writable: moment)
    }

    /// Makes a moment from milliseconds since 1970; nil outside the years that RFC 3339 can write, which are 0 to 9999.
    public init?(writable milliseconds: Int64) {
        guard (Timestamp.first...Timestamp.last).contains(milliseconds) else { return nil }
        self.milliseconds = milliseconds
    }

    /// Reads RFC 3339 (`2025-02-26T03:27:00.250+01:00`; a space for the T is taken too); nil where it is not one.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            [UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")].contains(bytes[10]),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19)
        else { return nil }
        var index = 19
        var millisecond = 0
        if bytes[index] == UInt8(ascii: ".") {
            index += 1
            let start = index
            var unit = 100
            while index < bytes.count, (0x30...0x39).contains(bytes[index]) {
                millisecond += Int(bytes[index] - 0x30) * unit
                unit /= 10
                index += 1
            }
            guard index > start else { return nil }
        }
        guard index < bytes.count else { return nil }
        var offset = 0
        switch bytes[index] {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"):
            index += 1
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            guard index + 6 <= bytes.count, bytes[index + 3] == UInt8(ascii: ":"),
                let hours = number(index + 1..<index + 3), hours < 24,
                let minutes = number(index + 4..<index + 6), minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * (bytes[index] == UInt8(ascii: "-") ? -1 : 1)
            index += 6
        default: return nil
        }
        guard index == bytes.count else { return nil }
        self.init(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second, millisecond: millisecond,
            offsetMinutes: offset)
    }

    /// The moment as `2025-02-26T03:27:00Z`, with milliseconds where there are some.
    public var description: String {
        let (days, rest) = Timestamp.floorDivide(milliseconds, 86_400_000)
        let (year, month, day) = Timestamp.civil(days: Int(days))
        let time = Int(rest)
        // Digit by digit: three of these stand in every record, and interpolation costs a microsecond each.
        func write(
            _ value: Int, _ digits: Int, _ after: UInt8, _ text: UnsafeMutableBufferPointer<UInt8>, _ at: inout Int
        ) {
            var rest = value
            for place in (at..<at + digits).reversed() {
                text[place] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
            text[at + digits] = after
            at += digits + 1
        }
        guard (0...9999).contains(year) else { return Timestamp.describeFar(year, month, day, time) }
        return String(unsafeUninitializedCapacity: 24) { text in
            var at = 0
            write(year, 4, UInt8(ascii: "-"), text, &at)
            write(month, 2, UInt8(ascii: "-"), text, &at)
            write(day, 2, UInt8(ascii: "T"), text, &at)
            write(time / 3_600_000, 2, UInt8(ascii: ":"), text, &at)
            write(time / 60_000 % 60, 2, UInt8(ascii: ":"), text, &at)
            let hasMilliseconds = time % 1000 != 0
            write(time / 1000 % 60, 2, hasMilliseconds ? UInt8(ascii: ".") : UInt8(ascii: "Z"), text, &at)
            if hasMilliseconds { write(time % 1000, 3, UInt8(ascii: "Z"), text, &at) }
            return at
        }
    }

    /// A year that RFC 3339 has no form for.
    private static func describeFar(_ year: Int, _ month: Int, _ day: Int, _ time: Int) -> String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(year)-\(two(month))-\(two(day))T\(two(time / 3_600_000)):\(two(time / 60_000 % 60)):"
            + "\(two(time / 1000 % 60))Z"
    }

    /// The day as `2025-02-26`, in UTC.
    public var day: String { String(description.prefix(10)) }

    /// Compares by the moment.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// Reads RFC 3339.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let moment = Timestamp(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is not an RFC 3339 date and time"))
        }
        self = moment
    }

    /// Writes RFC 3339.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z.
    private static let first: Int64 = -62_167_219_200_000
    private static let last: Int64 = 253_402_300_799_999

    // MARK: The Gregorian calendar
    // Days from civil dates and back, by eras of 400 years that begin on the first of March.

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func daysInMonth(year: Int, month: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }
}
