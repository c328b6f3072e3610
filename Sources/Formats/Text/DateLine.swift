import Articles
import TimeZones

/// A line that is nothing but a date and a time: `2025-02-26 03:27:00`.
///
/// A `T` for the space, no seconds, fractions of a second, and `Z`, `UTC`, `GMT` or an offset behind it are taken too.
struct DateLine {
    /// The moment, as if the line without a zone meant UTC; nil where there is no such day, time or known zone.
    private let moment: Timestamp?
    /// Whether the line says its zone.
    private let hasZone: Bool

    /// Takes a line; nil where it does not have the shape of a date and time.
    init?(_ line: Slice<UnsafeBufferPointer<UInt8>>) {
        var reader = Reader(line)
        guard (16...40).contains(line.count), let year = reader.digits(4), reader.take("-"),
            let month = reader.digits(2), reader.take("-"), let day = reader.digits(2),
            reader.take("T") || reader.take("t") || reader.take(" "),
            let hour = reader.digits(2), reader.take(":"), let minute = reader.digits(2)
        else { return nil }
        var second = 0
        var millisecond = 0
        if reader.take(":") {
            guard let value = reader.digits(2) else { return nil }
            second = value
            if reader.take(".") || reader.take(",") {
                guard let value = reader.fraction() else { return nil }
                millisecond = value
            }
        }
        while reader.take(" ") {}
        var offset: Int? = 0
        if reader.isAtEnd {
            hasZone = false
        } else {
            hasZone = true
            switch reader.zone() {
            case .minutes(let minutes): offset = minutes
            case .unknown: offset = nil
            case nil: return nil
            }
        }
        moment = offset.flatMap {
            Timestamp(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second,
                millisecond: millisecond, offsetMinutes: $0)
        }
    }
}

extension DateLine {
    /// Returns the moment, in an assumed zone where the line does not say its own.
    ///
    /// A time that clocks skip or show twice is taken by the offset before their change, with a warning.
    ///
    /// - Parameter received: a moment after it is doubtful.
    func resolved(in zone: Zone, received: Timestamp) -> ResolvedDate {
        guard let moment else { return ResolvedDate(warnings: ["date_invalid"]) }
        return ResolvedDate(civil: moment, zone: hasZone ? nil : zone, isAssumed: !hasZone, received: received)
    }
}

extension DateLine {
    private enum Offset {
        case minutes(Int), unknown
    }

    private struct Reader {
        private let bytes: Slice<UnsafeBufferPointer<UInt8>>
        private var index: Int

        init(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
            self.bytes = bytes
            index = bytes.startIndex
        }

        var isAtEnd: Bool { index == bytes.endIndex }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard !isAtEnd, bytes[index] == UInt8(ascii: character) else { return false }
            index += 1
            return true
        }

        mutating func digits(_ count: Int) -> Int? {
            guard index + count <= bytes.endIndex else { return nil }
            var value = 0
            for byte in bytes[index..<index + count] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            index += count
            return value
        }

        mutating func fraction() -> Int? {
            let start = index
            var value = 0
            var unit = 100
            while let digit = digits(1) {
                value += digit * unit
                unit /= 10
            }
            return index > start ? value : nil
        }

        /// Reads the rest of the line as a zone; nil where it is none.
        ///
        /// An abbreviation such as `CST` is the name of several zones, so it is unknown rather than guessed.
        mutating func zone() -> Offset? {
            if take("+") { return offset(sign: 1) }
            if take("-") { return offset(sign: -1) }
            let word = bytes[index...]
            guard word.count <= 5, word.allSatisfy({ (0x41...0x5a).contains($0) || $0 == UInt8(ascii: "z") }) else {
                return nil
            }
            let isUniversal = ["Z", "z", "UTC", "GMT"].contains { word.elementsEqual($0.utf8) }
            return isUniversal ? .minutes(0) : .unknown
        }

        private mutating func offset(sign: Int) -> Offset? {
            guard let hours = digits(2) else { return nil }
            let hasColon = take(":")
            guard let minutes = isAtEnd && !hasColon ? 0 : digits(2), isAtEnd else { return nil }
            return hours < 24 && minutes < 60 ? .minutes(sign * (hours * 60 + minutes)) : .unknown
        }
    }
}
