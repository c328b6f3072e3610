/// Text as it is compared: letters and digits alone, A–Z in lower case.
enum TextKey {
    static func of(_ text: some Sequence<UInt8>) -> [UInt8] {
        text.compactMap { byte in
            byte >= 0x80 || byte.isDigit ? byte : byte.isLetter ? byte.lowercased : nil
        }
    }

    /// The words of a text as hashes (FNV-1a), without case where they are ASCII.
    static func words(_ text: some Sequence<UInt8>) -> [UInt64] {
        var words: [UInt64] = []
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var isIn = false
        for byte in text {
            if byte >= 0x80 || byte.isDigit || byte.isLetter {
                hash = (hash ^ UInt64(byte.lowercased)) &* 0x100_0000_01b3
                isIn = true
            } else if isIn {
                words.append(hash)
                hash = 0xcbf2_9ce4_8422_2325
                isIn = false
            }
        }
        if isIn { words.append(hash) }
        return words
    }
}
