/// Whether text reads like sentences.
enum Sentences {
    /// Whether a sentence ends within the text or at its end.
    static func isIn(_ text: ArraySlice<UInt8>) -> Bool {
        text.withUnsafeBufferPointer { text in
            for index in 0..<text.count {
                let byte = text[index]
                if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?") {
                    // Not within a number or an address, nor behind a single word.
                    let next = index + 1 < text.count ? text[index + 1] : 0x20
                    if next.isSpace || next >= 0x80 || next == UInt8(ascii: "\""), index >= 12 { return true }
                } else if byte >= 0xd8, index + 1 < text.count, isMark(text, index) {
                    return true
                }
            }
            return false
        }
    }

    /// The full stops and question marks of other scripts.
    private static func isMark(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        let third = index + 2 < text.count ? text[index + 2] : 0
        return switch (text[index], text[index + 1]) {
        case (0xd8, 0x9f), (0xdb, 0x94): true  // ؟ ۔
        case (0xe3, 0x80): third == 0x82  // 。
        case (0xef, 0xbc): third == 0x81 || third == 0x9f  // ！ ？
        case (0xe0, 0xa5): third == 0xa4  // ।
        case (0xe1, 0x8d): third == 0xa2  // ።
        case (0xe1, 0x81): third == 0x8b  // ။
        default: false
        }
    }
}
