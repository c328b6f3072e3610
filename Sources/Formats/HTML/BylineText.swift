/// The names in a byline as it is written: `By Ann Lee and Bo Ek | 3 March 2021`.
enum BylineText {
    /// Whether a line begins with a word that a name follows.
    static func isLabelled(_ line: String) -> Bool { label(of: line) != nil }

    /// Whether a line is nothing but a word that a name follows.
    static func isLabel(_ line: String) -> Bool {
        let word = line.lowercased()
        return BylineWords.labels.contains { word == $0 || word == $0 + ":" }
    }

    /// Returns the names in a byline; none where it is no byline.
    static func names(_ text: String) -> [String] {
        var line = withoutNumbers(VisibleText.withoutMarkup(text)[...])
        if let label = label(of: line) { line = line.dropFirst(label) }
        if BlockPhrases.of(Array(line.utf8)[...]).contains(.credit) { return [] }
        if line.hasPrefix("http://") || line.hasPrefix("https://") || line.hasPrefix("www.") || line.hasPrefix("@") {
            return []
        }
        var names: [String] = []
        for part in line.split(whereSeparator: { "|;•·\n".contains($0) }) {
            let found = people(withoutDate(part)).filter(isName)
            if found.isEmpty, !names.isEmpty { break }
            names += found
        }
        return names
    }

    /// Whether a name reads like a person's: two to eight words in capitals, or in a script that has none, and the particles
    /// between them.
    static func isPerson(_ name: String) -> Bool {
        let words = name.split { $0 == " " || $0 == "\u{a0}" }
        guard (1...8).contains(words.count), !isOrganisation(name), !isRole(name) else { return false }
        if words.count == 1 { return isEastern(name) }
        let capitals = words.count { isCapital($0) }
        return capitals >= 2 && words.allSatisfy { isCapital($0) || BylineWords.particles.contains($0.lowercased()) }
    }

    private static func isCapital(_ word: Substring) -> Bool {
        word.first { $0.isLetter }.map { !$0.isLowercase } ?? false
    }

    /// Whether a name is one of two to five characters of Chinese, Japanese or Korean.
    private static func isEastern(_ name: String) -> Bool {
        (2...5).contains(name.count)
            && name.unicodeScalars.allSatisfy {
                (0x3040...0x30ff).contains($0.value) || (0x3400...0x9fff).contains($0.value)
                    || (0xac00...0xd7a3).contains($0.value)
            }
    }

    /// Whether words are what somebody is rather than who.
    private static func isRole(_ text: String) -> Bool {
        text.lowercased().split { !$0.isLetter }.contains { BylineWords.roles.contains(String($0)) }
    }

    /// The persons of a byline's part, without what stands behind a name: `Ann Lee, Science Editor`,
    /// `Ann Lee (AP), Bo Ek`, `Ann Lee in Berlin`.
    private static func people(_ part: Substring) -> [String] {
        var people: [String] = []
        for (place, piece) in part.split(separator: ",").enumerated() {
            let open = piece.firstIndex { "([".contains($0) }
            let name = trim(open.map { $0 == piece.startIndex ? piece : piece[..<$0] } ?? piece)
            let person = withoutPlace(name)
            if isPerson(person) {
                people += parted(person)
            } else if place == 0 {
                // "Lee, Ann" is one name.
                let whole = trim(part)
                let isInverted = part.count { $0 == "," } == 1 && whole.split(separator: " ").count == 2
                people.append(isInverted ? whole : name)
                if isInverted { break }
            } else {
                break
            }
        }
        return people
    }

    /// `Ann Lee and Bo Ek` as two; `Ortega y Gasset` stays one.
    private static func parted(_ names: String) -> [String] {
        let words = names.split(separator: " ")
        for (place, word) in words.enumerated() where BylineWords.joints.contains(word.lowercased()) {
            let (left, right) = (words[..<place].joined(separator: " "), words[(place + 1)...].joined(separator: " "))
            if isPerson(left), isPerson(right) { return [left] + parted(right) }
        }
        return [names]
    }

    /// A name without what begins behind it in small letters: `Ann Lee in Berlin`, `Ann Lee für die Zeitung`.
    private static func withoutPlace(_ name: String) -> String {
        let words = name.split(separator: " ")
        guard
            let end = words.firstIndex(where: {
                $0.last == ":" || !isCapital($0) && !BylineWords.particles.contains($0.lowercased())
            }), end >= 2
        else { return name }
        return trim(words[..<end].joined(separator: " ")[...])
    }

    /// A line without the numbers that it begins with, as those of a date.
    private static func withoutNumbers(_ line: Substring) -> Substring {
        guard line.first?.isNumber ?? false else { return line }
        let rest = line.drop { !$0.isLetter }
        return label(of: rest) == nil ? line : rest
    }

    /// Whether a name is that of a company or an address.
    static func isOrganisation(_ name: String) -> Bool {
        let lower = name.lowercased()
        if lower.contains("www.") || lower.contains("http") { return true }
        let words = lower.split { $0 == " " || $0 == "," }
        return words.contains { BylineWords.organisations.contains(String($0)) } || lower.hasSuffix(".de")
            || lower.hasSuffix(".com")
    }

    /// Whether a name is that of a company, or an address: who made the site, or whoever sold it.
    static func isMaker(_ name: String) -> Bool {
        let lower = name.lowercased()
        if lower.contains("www.") || lower.contains("://") { return true }
        return lower.split { $0 == " " || $0 == "," }.contains { BylineWords.companies.contains(String($0)) }
    }

    /// A byline without the date behind it.
    private static func withoutDate(_ part: Substring) -> Substring {
        let words = part.split(separator: " ")
        for (word, next) in zip(words, words.dropFirst()).dropFirst(2)
        where next.first?.isNumber ?? false && MonthNames.month(word.lowercased(), language: "und") != nil {
            return part[..<word.startIndex]
        }
        for mark in [" am ", " on ", " le ", " el ", " il ", " - ", " – ", " — ", ", 0", ", 1", ", 2", ", 3"] {
            if let range = part.firstRange(of: mark), part[range.lowerBound...].contains(where: \.isNumber) {
                return part[..<range.lowerBound]
            }
        }
        return part
    }

    /// Who holds the rights that a line speaks of: `Copyright (c) Island News 2021`.
    static func owner(_ line: some StringProtocol) -> String {
        line.split(separator: " ").filter { word in
            word.contains(where: \.isLetter) && !["copyright", "(c)", "by"].contains(word.lowercased())
        }.joined(separator: " ")
    }

    private static func trim(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first.isWhitespace || ",.:：/／-–—>«»\"'(".contains(first) {
            text = text.dropFirst()
        }
        while let last = text.last, last.isWhitespace || ",:-–—«»\"'()<".contains(last) { text = text.dropLast() }
        return String(text)
    }

    private static func isName(_ text: String) -> Bool {
        guard (2...80).contains(text.count), text.contains(where: \.isLetter), !text.contains("@"),
            !text.contains("://")
        else {
            return false
        }
        let words = text.split(separator: " ")
        guard words.count <= 10 else { return false }
        if words.count > 1, text.count(where: \.isNumber) > 2 { return false }
        let lower = text.lowercased()
        // What ends in "by" or "on" goes before a name or a date.
        if let last = lower.split(separator: " ").last, BylineWords.prepositions.contains(String(last)) { return false }
        return !BylineWords.nonNames.contains(lower) && !BylineWords.labels.contains(lower)
    }

    private static func label(of line: some StringProtocol) -> Int? {
        let head = line.prefix(60).lowercased()
        for label in BylineWords.labels where head.hasPrefix(label) {
            let next = head.dropFirst(label.count).first
            if label.last == ":" || next.map({ " :：/／\u{a0}".contains($0) }) ?? false { return label.count }
        }
        // "A guest column by Ann Lee", "Text and photos: Ann Lee".
        for mark in [": ", " by ", " von ", " par ", " por "] {
            guard let range = head.firstRange(of: mark) else { continue }
            let before = head[..<range.lowerBound].split(separator: " ")
            let isKind = mark != ": " || before.contains { BylineWords.kinds.contains(String($0)) }
            if before.count <= 4, isKind, BlockPhrases.of(Array(head.utf8)[...]).isDisjoint(with: [.credit, .pointer]) {
                return head.distance(from: head.startIndex, to: range.upperBound)
            }
        }
        return nil
    }
}
