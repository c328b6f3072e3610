/// The first line of a wire message of IPTC 7901: who sent it, how urgent it is, what it is about and how long it is.
///
///     eca0003 3 i 380 dpa 0045
struct IPTCHeader {
    /// The source and the number of the message, as `eca0003`.
    let number: String
    /// 1 to 6, and some agencies to 9.
    let priority: Int
    /// One to three letters.
    let category: String
    let words: Int?
    /// What the agency adds.
    let information: String?

    /// Takes a line; nil where it has another form.
    init?(_ line: some StringProtocol) {
        let parts = line.unicodeScalars.split { $0.value <= 0x20 }.map { String(String.UnicodeScalarView($0)) }
        guard parts.count >= 3 else { return nil }
        let letters = parts[0].utf8.prefix { $0.isLetter }
        let digits = parts[0].utf8.dropFirst(letters.count)
        guard (1...5).contains(letters.count), (1...6).contains(digits.count), digits.allSatisfy({ $0.isDigit }),
            parts[1].utf8.count == 1, let priority = Int(parts[1]), (1...9).contains(priority),
            (1...3).contains(parts[2].utf8.count), parts[2].utf8.allSatisfy({ $0.isLetter })
        else { return nil }
        number = parts[0]
        self.priority = priority
        category = parts[2]
        let words = parts.dropFirst(3).first.flatMap { Int($0) }
        self.words = words
        let rest = parts.dropFirst(words == nil ? 3 : 4).joined(separator: " ")
        information = rest.isEmpty ? nil : rest
    }
}
