/// The names in a byline as it is written: `By Ann Lee and Bo Ek | 3 March 2021`.
enum BylineText {
    /// Whether a line begins with a word that a name follows.
    static func isLabelled(_ line: String) -> Bool { label(of: line) != nil }

    /// Whether a line is nothing but a word that a name follows.
    static func isLabel(_ line: String) -> Bool {
        let word = line.lowercased()
        return labels.contains { word == $0 || word == $0 + ":" }
    }

    /// Returns the names in a byline; none where it is no byline.
    static func names(_ text: String) -> [String] {
        var line = VisibleText.withoutMarkup(text)[...]
        if let label = label(of: line) { line = line.dropFirst(label) }
        if BlockPhrases.of(Array(line.utf8)[...]).contains(.credit) { return [] }
        if line.hasPrefix("http://") || line.hasPrefix("https://") || line.hasPrefix("www.") || line.hasPrefix("@") {
            return []
        }
        var names: [String] = []
        for part in line.split(whereSeparator: { "|;•·\n".contains($0) }) {
            let name = trim(withoutDate(part))
            if isName(name) { names.append(name) } else if !names.isEmpty { break }
        }
        return names
    }

    /// Whether a name reads like a person's: two to five words, most of them in capitals.
    static func isPerson(_ name: String) -> Bool {
        let words = name.split(separator: " ")
        guard (2...8).contains(words.count), !isOrganisation(name) else { return false }
        return words.count { $0.first?.isUppercase ?? false } * 3 >= words.count * 2
    }

    /// Whether a name is that of a company or an address.
    static func isOrganisation(_ name: String) -> Bool {
        let lower = name.lowercased()
        if lower.contains("www.") || lower.contains("http") { return true }
        let words = lower.split { $0 == " " || $0 == "," }
        return words.contains { organisations.contains(String($0)) } || lower.hasSuffix(".de")
            || lower.hasSuffix(".com")
    }

    /// Whether a name is that of a company, or an address: who made the site, or whoever sold it.
    static func isMaker(_ name: String) -> Bool {
        let lower = name.lowercased()
        if lower.contains("www.") || lower.contains("://") { return true }
        return lower.split { $0 == " " || $0 == "," }.contains { companies.contains(String($0)) }
    }

    private static let companies: Set<String> = [
        "gmbh", "inc", "inc.", "ltd", "ltd.", "llc", "s.r.l.", "srl", "sarl", "s.l.", "kg",
    ]

    private static let organisations: Set<String> = [
        "gmbh", "ag", "inc", "inc.", "ltd", "ltd.", "llc", "e.v.", "ev", "verlag", "verein", "stiftung", "s.a.",
        "s.p.a.", "srl", "co.",
        "kg", "media", "news", "zeitung", "press", "presse", "magazin", "magazine", "online", "team", "staff",
        "editorial", "times", "post", "tv", "radio", "reporter", "redaktion", "group", "corp", "corp.", "foundation",
        "institut", "institute", "university",
        "universität",
    ]

    /// A byline without the date behind it.
    private static func withoutDate(_ part: Substring) -> Substring {
        for mark in [" am ", " on ", " le ", " el ", " il ", " - ", " – ", " — ", ", 0", ", 1", ", 2", ", 3"] {
            if let range = part.firstRange(of: mark), part[range.lowerBound...].contains(where: \.isNumber) {
                return part[..<range.lowerBound]
            }
        }
        return part
    }

    private static func trim(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first.isWhitespace || ",.:-–—>«»\"'(".contains(first) { text = text.dropFirst() }
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
        return !nonNames.contains(lower) && !labels.contains(lower)
    }

    private static func label(of line: some StringProtocol) -> Int? {
        let head = line.prefix(60).lowercased()
        for label in labels where head.hasPrefix(label) {
            let next = head.dropFirst(label.count).first
            if label.last == ":" || next == " " || next == ":" || next == "\u{a0}" { return label.count }
        }
        // "A guest column by Ann Lee", "Text and photos: Ann Lee".
        for mark in [": ", " by ", " von ", " par ", " por "] {
            guard let range = head.firstRange(of: mark) else { continue }
            let before = head[..<range.lowerBound].split(separator: " ")
            let isKind = mark != ": " || before.contains { kinds.contains(String($0)) }
            if before.count <= 4, isKind, BlockPhrases.of(Array(head.utf8)[...]).isDisjoint(with: [.credit, .pointer]) {
                return head.distance(from: head.startIndex, to: range.upperBound)
            }
        }
        return nil
    }

    /// What somebody may have done for an article.
    private static let kinds: Set<String> = [
        "text", "texte", "texto", "testo", "tekst", "interview", "bericht", "reportage", "words", "story", "recherche",
        "protokoll", "autor",
        "autorin", "autoren", "author", "auteur", "redaktion", "kommentar", "analyse", "gastbeitrag", "report",
    ]

    private static let labels = [
        "written by", "posted by", "published by", "reported by", "story by", "words by", "text by", "by",
        "geschrieben von",
        "verfasst von", "ein artikel von", "ein beitrag von", "ein gastbeitrag von", "gastbeitrag von", "von",
        "autorin", "autor", "autoren", "text:", "author", "écrit par",
        "rédigé par", "publié par", "par", "escrito por", "publicado por", "texto:", "por", "scritto da", "articolo di",
        "di", "door", "av", "af",
        "przez", "napsal", "автор:", "автор", "текст:", "yazan:", "penulis:", "oleh", "tekst:", "redakteur",
        "redaktion:",
    ]

    private static let nonNames: Set<String> = [
        "admin", "administrator", "author", "autor", "redakteur", "by", "von", "share", "follow", "twitter", "facebook",
        "email", "e-mail",
        "published", "updated", "auteur", "auteurs", "authors", "writer", "redaktion:", "jobs", "text", "tags",
        "unknown", "anonymous", "null", "undefined", "default",
        "comments", "foto", "photo",
    ]
}
