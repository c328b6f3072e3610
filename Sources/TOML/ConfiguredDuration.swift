/// A duration as a file has it: `"200ms"`, `"1s"`, `"10m"`, `"2h"`, `"30d"`; a whole number and a unit.
///
/// A `Duration` that is decoded from a ``TOMLDocument`` is read in this form as well.
package struct ConfiguredDuration: Decodable, Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The duration.
    package let duration: Duration

    package init(_ duration: Duration) {
        self.duration = duration
    }

    /// Reads a whole number and one of the units ms, s, m, h, d; nil where `text` is anything else.
    package init?(_ text: String) {
        guard let (number, unit) = splitQuantity(text),
            let milliseconds = ConfiguredDuration.units.first(where: { $0.name == unit })?.milliseconds
        else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: milliseconds)
        // Far beyond any age of anything; keeps sums of durations clear of overflow.
        guard !overflow, product <= 1000 * 366 * 86_400_000 else { return nil }
        duration = .milliseconds(product)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self), let read = ConfiguredDuration(text) {
            self = read
            return
        }
        let expected = "a duration such as \"200ms\", \"1s\", \"10m\", \"2h\" or \"30d\""
        guard let tree = decoder as? TreeDecoder else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected \(expected)")
        }
        throw tree.mismatch(expected)
    }

    package static func < (left: Self, right: Self) -> Bool { left.duration < right.duration }

    /// The duration in the largest unit that divides it.
    package var description: String {
        let milliseconds = duration / .milliseconds(1)
        let whole = Int64(milliseconds)
        guard Double(whole) == milliseconds else { return "\(duration)" }
        guard whole != 0 else { return "0s" }
        let unit = ConfiguredDuration.units.last { whole % $0.milliseconds == 0 }
        return unit.map { "\(whole / $0.milliseconds)\($0.name)" } ?? "\(duration)"
    }

    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
}

/// Splits `10 MiB` into 10 and `MiB`; nil where it does not begin with a whole number, or that is too large.
func splitQuantity(_ text: String) -> (number: Int64, unit: String)? {
    let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard !digits.isEmpty, let number = Int64(Substring(digits)) else { return nil }
    var rest = text.utf8.dropFirst(digits.count)
    if rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
    return (number, String(Substring(rest)))
}
