import Glibc

/// Finds where values of JSON end, without parsing them.
enum JSONScan {
    /// Returns the index behind the object or array that begins at `start`; nil where it goes on beyond the bytes.
    ///
    /// Only brackets and strings are looked at: what is between them may be anything.
    static func end(of bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var depth = 0
        var index = start
        let count = bytes.count
        while index < count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                guard let close = closingQuote(of: bytes, from: index + 1) else { return nil }
                index = close
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth <= 0 { return index + 1 }
            default: break
            }
            index += 1
        }
        return nil
    }

    /// Returns the index of the quote that ends a string whose text begins at `start`.
    private static func closingQuote(of bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            guard let found = memchr(bytes.baseAddress! + index, 0x22, bytes.count - index) else { return nil }
            let quote = found - UnsafeMutableRawPointer(mutating: bytes.baseAddress!)
            var slashes = 0
            while quote - slashes > start, bytes[quote - slashes - 1] == UInt8(ascii: "\\") { slashes += 1 }
            if slashes.isMultiple(of: 2) { return quote }
            index = quote + 1
        }
        return nil
    }

    /// Returns the index of the first line end from `start` on.
    static func lineEnd(of bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard start < bytes.count, let found = memchr(bytes.baseAddress! + start, 0x0a, bytes.count - start) else {
            return nil
        }
        return found - UnsafeMutableRawPointer(mutating: bytes.baseAddress!)
    }
}
