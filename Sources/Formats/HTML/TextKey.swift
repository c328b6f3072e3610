/// Text as it is compared: letters and digits alone, A–Z in lower case.
enum TextKey {
    static func of(_ text: some Sequence<UInt8>) -> [UInt8] {
        text.compactMap { byte in
            byte >= 0x80 || byte.isDigit ? byte : byte.isLetter ? byte.lowercased : nil
        }
    }
}
