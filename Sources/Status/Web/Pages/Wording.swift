import Articles

/// How numbers and times are written for people.
package enum Wording {
    /// A whole number with separators of thousands: `1,234,567`.
    package static func number(_ number: some BinaryInteger) -> String {
        let digits = String(number.magnitude)
        var text = number < 0 ? "−" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// A rate: `0`, `0.35`, `12.5`, `1,234`.
    package static func rate(_ rate: Double) -> String {
        if rate >= 100 { return number(Int(rate.rounded())) }
        let places = rate >= 10 ? 10.0 : 100.0
        let value = (rate * places).rounded() / places
        return value == value.rounded() ? number(Int(value)) : "\(value)"
    }

    /// Bytes: `13.7 MB`.
    static func bytes(_ bytes: Int) -> String {
        let tenths = (bytes + 50_000) / 100_000
        return tenths >= 1000 ? "\(number(tenths / 10)) MB" : "\(tenths / 10).\(tenths % 10) MB"
    }

    /// The size of a file: `312 bytes`, `12.3 KB`, `13.7 MB`, `1.2 GB`.
    package static func size(_ bytes: some BinaryInteger) -> String {
        guard bytes >= 1000 else { return count(bytes, "byte") }
        var (tenths, unit) = (bytes / 100, "KB")
        for next in ["MB", "GB", "TB"] where tenths >= 10_000 { (tenths, unit) = (tenths / 1000, next) }
        return tenths >= 1000 ? "\(number(tenths / 10)) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
    }

    /// How long ago: `now`, `3 s ago`, `5 min ago`.
    package static func ago(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        return seconds < 1 ? "now" : "\(span(seconds)) ago"
    }

    /// How long something took: `25 ms`, `1.2 s`, `5 min`.
    static func delay(_ milliseconds: Int64) -> String {
        switch milliseconds {
        case ..<1000: "\(milliseconds) ms"
        case ..<60_000: "\(milliseconds / 1000).\(milliseconds / 100 % 10) s"
        default: span(milliseconds / 1000)
        }
    }

    /// How far ahead a moment is: `in 5 min`.
    static func ahead(_ milliseconds: Int64) -> String { "in \(span((milliseconds + 999) / 1000))" }

    /// A moment is so far away that its day says more.
    static func isFar(_ age: Int64) -> Bool { abs(age) >= 7 * 86_400_000 }

    /// A number with its noun: `1 file`, `3 files`.
    static func count(_ count: some BinaryInteger, _ noun: String) -> String {
        "\(number(count)) \(noun)\(count == 1 ? "" : "s")"
    }

    /// A time span in its greatest unit.
    package static func span(_ seconds: Int64) -> String {
        switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(number(seconds / 86_400)) days"
        }
    }

    /// The whole moment: `2025-02-26 03:27:00 UTC`.
    static func absolute(_ moment: Timestamp) -> String {
        let text = moment.description
        return text.prefix(10) + " " + text.dropFirst(11).prefix(8) + " UTC"
    }
}
