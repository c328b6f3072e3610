import Encodings

/// JSON that is not UTF-8, as it should be (RFC 8259, section 8.1).
enum JSONEncoding {
    /// UTF-16, by its mark or by the NULs beside the first characters, which are ASCII.
    static func wide(_ bytes: [UInt8]) -> TextEncoding? {
        guard bytes.count >= 4 else { return nil }
        if bytes.starts(with: [0xff, 0xfe]) { return .utf16LittleEndian }
        if bytes.starts(with: [0xfe, 0xff]) { return .utf16BigEndian }
        if bytes[0] != 0, bytes[1] == 0, bytes[2] != 0, bytes[3] == 0 { return .utf16LittleEndian }
        if bytes[0] == 0, bytes[1] != 0, bytes[2] == 0, bytes[3] != 0 { return .utf16BigEndian }
        return nil
    }

    /// Returns bytes that are no UTF-8 as text in the encoding that they look like; nil where they are UTF-8.
    static func guessed(_ bytes: [UInt8], _ range: Range<Int>) -> (text: [UInt8], encoding: TextEncoding)? {
        let part = Array(bytes[range])
        guard part.withUnsafeBufferPointer({ UTF8Scan($0).fault }) != nil else { return nil }
        let guess = EncodingDetector.guess(of: part)
        return TextConverter.utf8(from: part, in: guess).map { ($0.text, guess) }
    }
}
