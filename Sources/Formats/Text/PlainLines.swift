/// Goes through the beginning of a text line by line; LF, CRLF and CR end one.
struct PlainLines {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// Where the next line begins.
    private(set) var place: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>, from place: Int) {
        self.bytes = bytes
        self.place = place
    }

    var isAtEnd: Bool { place >= bytes.count }

    /// Goes to the next line in which something stands.
    mutating func skipBlank() {
        var start = place
        while start < bytes.count, bytes[start] <= 0x20 {
            if bytes[start] == 0x0a || bytes[start] == 0x0d { place = start + 1 }
            start += 1
        }
        if start == bytes.count { place = start }
    }

    /// Takes a line, without the space at its end; nil at the end.
    mutating func next() -> Range<Int>? {
        guard !isAtEnd else { return nil }
        let start = place
        var end = start
        while end < bytes.count, bytes[end] != 0x0a, bytes[end] != 0x0d { end += 1 }
        place = end + 1
        if end + 1 < bytes.count, bytes[end] == 0x0d, bytes[end + 1] == 0x0a { place = end + 2 }
        place = min(place, bytes.count)
        while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
        return start..<end
    }
}
