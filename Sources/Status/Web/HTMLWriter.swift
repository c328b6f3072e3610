import Articles

/// Writes HTML in which no text can become markup: markup is constant, and whatever else there is goes through escaping.
struct HTMLWriter {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(16 << 10) }

    /// Writes markup of our own.
    mutating func markup(_ constant: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: constant.utf8Start, count: constant.utf8CodeUnitCount))
    }

    /// Writes text, fit for an element's content and for a quoted attribute.
    ///
    /// Control characters become U+FFFD. Characters that turn the direction of what follows are left out: they could
    /// make a title read as something else.
    mutating func text(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": markup("&amp;")
            case "<": markup("&lt;")
            case ">": markup("&gt;")
            case "\"": markup("&quot;")
            case "'": markup("&#39;")
            case "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}": break
            case "\n", "\t": bytes.append(UInt8(scalar.value))
            case "\0"..."\u{1f}", "\u{7f}"..."\u{9f}": bytes.append(contentsOf: "\u{fffd}".utf8)
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }

    /// Writes text that somebody else wrote: what it does to the direction of writing stays within it.
    mutating func foreign(_ text: String) {
        markup("<bdi>")
        self.text(text)
        markup("</bdi>")
    }

    /// Writes a whole number with separators of thousands.
    mutating func number(_ number: some BinaryInteger) { text(Wording.number(number)) }

    /// Writes a moment as how long ago it was, after a week as its day; the whole moment stands in its title.
    mutating func time(_ moment: Timestamp, now: Timestamp) {
        markup("<time datetime=\"")
        text(moment.description)
        markup("\" title=\"")
        text(Wording.absolute(moment))
        markup("\">")
        let age = now.milliseconds - moment.milliseconds
        text(age >= 7 * 86_400_000 ? moment.day : Wording.ago(age))
        markup("</time>")
    }
}

/// How numbers and times are written for people.
enum Wording {
    /// A whole number with separators of thousands: `1,234,567`.
    static func number(_ number: some BinaryInteger) -> String {
        let digits = String(number.magnitude)
        var text = number < 0 ? "−" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// A rate: `0`, `0.35`, `12.5`, `1,234`.
    static func rate(_ rate: Double) -> String {
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

    /// How long ago: `now`, `3 s ago`, `5 min ago`.
    static func ago(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        return seconds < 1 ? "now" : "\(span(seconds)) ago"
    }

    /// A time span in its greatest unit.
    static func span(_ seconds: Int64) -> String {
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

extension UTF8 {
    static var encodedReplacementCharacter: EncodedScalar { encode("\u{fffd}")! }
}
