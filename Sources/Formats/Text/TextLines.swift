/// The lines of valid UTF-8 text, one after another, as ranges without the space around them.
///
/// The buffer must outlive the value: it is for use within `withUnsafeBufferPointer`.
struct TextLines {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var next: Int
    /// The current line with its leading space and without its trailing space, nil behind the last.
    private(set) var line: Range<Int>?
    /// The number of the current line, from 1.
    private(set) var number = 0

    /// Stands on the first line from `start`.
    init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) {
        self.bytes = bytes
        next = start
        advance()
    }

    /// Whether there is a current line and nothing in it can be seen.
    var isBlank: Bool { line.map { isInvisible($0) } ?? false }

    /// Goes to the next line.
    mutating func advance() {
        guard next < bytes.count else {
            line = nil
            return
        }
        let end = lineFeed(from: next)
        line = next..<trimmedEnd(next..<end)
        next = end + 1
        number += 1
    }

    /// Goes to the next line that is not blank.
    mutating func skipBlank() {
        while isBlank { advance() }
    }

    /// Returns a range without the space at its beginning.
    func trimmedStart(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        while start < range.upperBound {
            let (scalar, length) = scalar(at: start)
            guard TextLines.isSpace(scalar) else { break }
            start += length
        }
        return start..<range.upperBound
    }

    /// Returns whether nothing in a range can be seen.
    func isInvisible(_ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            let (scalar, length) = scalar(at: index)
            guard TextLines.isSpace(scalar) || TextLines.isFormatting(scalar) else { return false }
            index += length
        }
        return true
    }

    private func lineFeed(from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        var index = start
        while index + 8 <= bytes.count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ 0x0a0a_0a0a_0a0a_0a0a
            if (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 != 0 { break }
            index += 8
        }
        while index < bytes.count, bytes[index] != 0x0a { index += 1 }
        return index
    }

    private func trimmedEnd(_ range: Range<Int>) -> Int {
        var end = range.upperBound
        while end > range.lowerBound {
            var start = end - 1
            while bytes[start] & 0xc0 == 0x80, start > range.lowerBound { start -= 1 }
            guard TextLines.isSpace(scalar(at: start).scalar) else { break }
            end = start
        }
        return end
    }

    /// Decodes one scalar; the text is known to be valid.
    private func scalar(at index: Int) -> (scalar: UInt32, length: Int) {
        let lead = UInt32(bytes[index])
        func tail(_ offset: Int) -> UInt32 { UInt32(bytes[index + offset] & 0x3f) }
        return switch lead {
        case 0..<0x80: (lead, 1)
        case 0x80..<0xe0: ((lead & 0x1f) << 6 | tail(1), 2)
        case 0xe0..<0xf0: ((lead & 0x0f) << 12 | tail(1) << 6 | tail(2), 3)
        default: ((lead & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4)
        }
    }

    /// Unicode's White_Space, and the zero width space and no-break space, which stand for nothing at a line's ends.
    private static func isSpace(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0...0x20: true
        case 0x21..<0x85: false
        case 0x85, 0xa0, 0x1680, 0x2000...0x200b, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff: true
        default: false
        }
    }

    /// What steers writing but shows nothing: joiners, marks of direction, soft hyphen, delete.
    private static func isFormatting(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x7f, 0xad, 0x200c...0x200f, 0x202a...0x202e, 0x2060...0x2069: true
        default: false
        }
    }
}
