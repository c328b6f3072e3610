import Linux

/// Reads a file or a pipe line by line, and can give all of it instead after a look at its first line.
final class FileLines {
    /// The number of the line that was read last, from 1.
    private(set) var number = 0
    /// The bytes that are in hand; ranges of lines are of these.
    private(set) var bytes: [UInt8] = []
    private let file: FileDescriptor
    private let longest: Int
    private var next = 0
    private var hasEnded = false

    /// What a line is.
    enum Line {
        /// Its bytes within ``FileLines/bytes``, without the line break, until the next one is asked for.
        case text(Range<Int>)
        /// It is longer than allowed, and left out.
        case tooLong
    }

    private static let piece = 1 << 20

    /// Makes a reader of lines of at most `longest` bytes.
    init(_ file: consuming FileDescriptor, longest: Int) {
        self.file = file
        self.longest = longest
    }

    /// The first byte that is not white space, or a byte order mark's; nil where there is none in the first piece.
    func firstByte() throws -> UInt8? {
        if bytes.isEmpty { try fill() }
        return bytes.first { $0 > 0x20 && $0 != 0xef && $0 != 0xbb && $0 != 0xbf }
    }

    /// Goes back to the first line. Only after one line.
    func rewind() {
        next = 0
        number = 0
    }

    /// Everything that the file holds, in place of its lines. Only before the second line is asked for.
    func all(limit: Int) throws -> [UInt8]? {
        while !hasEnded {
            guard bytes.count <= limit else { return nil }
            try fill()
        }
        return bytes
    }

    /// Returns the next line that is not blank; nil at the end.
    func line() throws -> Line? {
        // The first line stays in hand for ``rewind()`` and ``all(limit:)``.
        if number > 1, next > Self.piece {
            bytes.removeSubrange(..<next)
            next = 0
        }
        var isTooLong = false
        var searched = next
        while true {
            if let end = bytes[searched...].firstIndex(of: 0x0a) {
                let range = next..<end
                next = end + 1
                number += 1
                if isTooLong { return .tooLong }
                if let text = trimmed(range) { return .text(text) }
                searched = next
                continue
            }
            searched = bytes.count
            if bytes.count - next > longest {
                // Kept, for ``all(limit:)``.
                if number == 0 { return .tooLong }
                isTooLong = true
                bytes.removeSubrange(next...)
                searched = next
            }
            guard !hasEnded else {
                let range = next..<bytes.count
                guard isTooLong || !range.isEmpty else { return nil }
                next = bytes.count
                number += 1
                if isTooLong { return .tooLong }
                return trimmed(range).map(Line.text)
            }
            try fill()
        }
    }

    private func trimmed(_ range: Range<Int>) -> Range<Int>? {
        var (low, high) = (range.lowerBound, range.upperBound)
        if low == 0, bytes.starts(with: [0xef, 0xbb, 0xbf]) { low = 3 }
        while low < high, bytes[low] <= 0x20 { low += 1 }
        while high > low, bytes[high - 1] <= 0x20 { high -= 1 }
        return low < high ? low..<high : nil
    }

    private func fill() throws {
        let piece = try file.read(upTo: Self.piece)
        if piece.isEmpty { hasEnded = true } else { bytes += piece }
    }
}
