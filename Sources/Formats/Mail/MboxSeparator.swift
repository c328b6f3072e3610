import Glibc

/// The line before each mail of a mailbox: `From maria@agency.example Tue Feb 25 08:12:33 2025`.
enum MboxSeparator {
    /// No such line is longer, with the first line behind it.
    static let lookAhead = 1024

    /// Returns whether one stands at a place, with a line of a header behind it.
    static func isAt(_ place: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var lines = MailLines(bytes, from: place)
        guard let line = lines.next(), line.count <= 500, line.starts(with: "From ".utf8), hasTime(line.dropFirst(5))
        else { return false }
        guard let next = lines.next() else { return false }
        // Some put a second such line there, quoted.
        return MailHeader.colon(in: next) != nil || next.starts(with: ">From ".utf8)
    }

    /// Returns the place of the next one behind an empty line; nil where there is none.
    static func next(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var place = start
        while let found = lineFeed(before: "From ", in: bytes, from: place) {
            let isAfterBlank =
                found == 0 || bytes[found - 1] == 0x0a
                || bytes[found - 1] == 0x0d && found > 1 && bytes[found - 2] == 0x0a
            if isAfterBlank, isAt(found + 1, in: bytes) { return found + 1 }
            place = found + 1
        }
        return nil
    }

    /// Returns the place of the next line feed that a text follows.
    static func lineFeed(
        before text: StaticString, in bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int? {
        var place = start
        while let found = MailLines.lineFeed(in: bytes, from: place) {
            if bytes.count - found > text.utf8CodeUnitCount,
                memcmp(bytes.baseAddress! + found + 1, text.utf8Start, text.utf8CodeUnitCount) == 0
            {
                return found
            }
            place = found + 1
        }
        return nil
    }

    /// Whether there are a time and a year, which always are in such a line.
    private static func hasTime(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let words = line.split(separator: 0x20)
        let hasTime = words.contains { word in
            let parts = word.split(separator: UInt8(ascii: ":"))
            return (2...3).contains(parts.count) && parts.allSatisfy { $0.count <= 2 && $0.allSatisfy(\.isDigit) }
        }
        return hasTime && words.contains { [2, 4].contains($0.count) && $0.allSatisfy(\.isDigit) }
    }
}
