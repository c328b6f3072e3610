import Glibc

/// Goes through a text line by line; LF and CRLF end one.
struct MailLines {
    let bytes: UnsafeBufferPointer<UInt8>
    /// Where the next line begins.
    var place: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>, from place: Int = 0) {
        self.bytes = bytes
        self.place = place
    }

    var isAtEnd: Bool { place >= bytes.count }

    /// Takes a line, without its end; nil at the end.
    mutating func next() -> Slice<UnsafeBufferPointer<UInt8>>? {
        guard !isAtEnd else { return nil }
        let start = place
        var end = MailLines.lineFeed(in: bytes, from: start) ?? bytes.count
        place = min(bytes.count, end + 1)
        if end > start, bytes[end - 1] == 0x0d { end -= 1 }
        return bytes[start..<end]
    }

    /// Returns where the next line feed is.
    static func lineFeed(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, 0x0a, bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
}
