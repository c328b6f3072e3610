/// The one rule of lower case that depends on the text: a Greek sigma at the end of a word has a form of its own.
enum FinalSigma {
    /// The capital sigma.
    static let capital: UInt32 = 0x3a3

    /// Returns the lower case of the capital sigma that stands at `index`, by the condition `Final_Sigma` of Unicode's
    /// SpecialCasing: a letter with case before it and none behind it, whatever marks stand between.
    static func lowercase(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt32 {
        var place = index
        var hasLetterBefore = false
        while let (value, length) = UTF8Decoding.scalar(before: place, text) {
            place -= length
            let properties = Unicode.Scalar(value)?.properties
            if properties?.isCaseIgnorable == true { continue }
            hasLetterBefore = properties?.isCased == true
            break
        }
        guard hasLetterBefore else { return 0x3c3 }
        place = index + 2
        while place < text.count {
            let (value, length) = UTF8Decoding.scalar(text, place)
            place += length
            let properties = Unicode.Scalar(value)?.properties
            if properties?.isCaseIgnorable == true { continue }
            return properties?.isCased == true ? 0x3c3 : 0x3c2
        }
        return 0x3c2
    }
}
