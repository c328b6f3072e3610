import Articles

/// What the codes in the headers of wire messages are short for.
enum WireCategory {
    /// Returns the subject that a letter of ANPA 1312 names.
    static func anpa(_ code: Character) -> Article.Concept {
        let letter = code.lowercased()
        return Article.Concept(name: letters[letter] ?? letter, uri: letter, scheme: "anpa-1312")
    }

    /// Returns the subject that a code of IPTC 7901 names: its letters are the agency's own, its words of three the
    /// council's.
    static func iptc(_ code: String) -> Article.Concept {
        Article.Concept(name: words[code.uppercased()] ?? code, uri: code, scheme: "iptc-7901")
    }

    private static let letters = [
        "a": "domestic news", "b": "special events", "c": "features", "d": "food", "e": "entertainment",
        "f": "finance", "g": "regional news", "i": "international news", "k": "commentary", "l": "lifestyle",
        "m": "farming", "n": "state news", "o": "weather", "p": "politics", "q": "sports results", "r": "racing",
        "s": "sports", "t": "travel", "v": "advisories", "w": "Washington news",
    ]

    private static let words = [
        "ACE": "arts, culture and entertainment", "CLJ": "crime, law and justice",
        "DIS": "disasters and accidents", "EDU": "education", "EBF": "economy, business and finance",
        "FIN": "economy, business and finance", "ENV": "environmental issues", "HTH": "health",
        "HUM": "human interest", "LAB": "labour", "LIF": "lifestyle and leisure", "POL": "politics",
        "REL": "religion and belief", "SCI": "science and technology", "SOI": "social issues", "SPO": "sport",
        "WAR": "unrest, conflicts and war", "WEA": "weather",
    ]
}
