/// A number of bytes as a file has it: `"64MiB"` (1,024), `"10MB"` (1,000), `"512"` or the integer `512`.
package struct ByteSize: Decodable, Sendable, Hashable, Comparable, CustomStringConvertible, ExpressibleByIntegerLiteral
{
    /// The number of bytes, not negative.
    package let bytes: Int

    package init(bytes: Int) {
        self.bytes = bytes
    }

    package init(integerLiteral value: Int) {
        bytes = value
    }

    /// Returns so many kibibytes.
    package static func kibibytes(_ count: Int) -> ByteSize { ByteSize(bytes: count << 10) }
    /// Returns so many mebibytes.
    package static func mebibytes(_ count: Int) -> ByteSize { ByteSize(bytes: count << 20) }
    /// Returns so many gibibytes.
    package static func gibibytes(_ count: Int) -> ByteSize { ByteSize(bytes: count << 30) }

    /// Reads a whole number with one of the units B, KiB, MiB, GiB, TiB, kB, MB, GB, TB or none; nil for anything else.
    package init?(_ text: String) {
        guard let (number, unit) = splitQuantity(text),
            let factor = unit.isEmpty ? 1 : ByteSize.units.first(where: { $0.name == unit })?.bytes
        else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        guard !overflow else { return nil }
        bytes = Int(product)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let integer = try? container.decode(Int.self), integer >= 0 {
            self.init(bytes: integer)
            return
        }
        if let text = try? container.decode(String.self), let read = ByteSize(text) {
            self = read
            return
        }
        let expected = "a size such as \"64MiB\", \"10MB\" or a number of bytes"
        guard let tree = decoder as? TreeDecoder else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected \(expected)")
        }
        throw tree.mismatch(expected)
    }

    package static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }

    /// The size in the largest binary unit that divides it, or the largest decimal one where that is shorter.
    package var description: String {
        let divisors = ByteSize.units.filter { bytes != 0 && Int64(bytes) % $0.bytes == 0 }
        guard let unit = divisors.max(by: { $0.bytes < $1.bytes }), unit.bytes > 1 else { return "\(bytes)B" }
        return "\(Int64(bytes) / unit.bytes)\(unit.name)"
    }

    private static let units: [(name: String, bytes: Int64)] = [
        ("B", 1), ("kB", 1000), ("KiB", 1 << 10), ("MB", 1_000_000), ("MiB", 1 << 20), ("GB", 1_000_000_000),
        ("GiB", 1 << 30), ("TB", 1_000_000_000_000), ("TiB", 1 << 40),
    ]
}
