import XML

/// The language that a page declares.
enum LanguageTag {
    static func of(_ map: PageMap, _ tags: MetaTags, _ linked: LinkedArticle) -> String? {
        let html = map.nodes.firstIndex { $0.name == .html }
        let declared = html.flatMap { map.tree.string(of: .lang, at: $0) ?? map.tree.string(of: .xmlLanguage, at: $0) }
        return ([declared, linked.language] + tags.all(.language)).lazy.compactMap { $0.flatMap(normalized) }.first
    }

    /// Returns a tag as BCP 47 writes it: `de-AT` for `de_at`; nil where it is none.
    static func normalized(_ tag: String) -> String? {
        // Most are so already.
        if (2...3).contains(tag.utf8.count), tag.utf8.allSatisfy({ (0x61...0x7a).contains($0) }) {
            return isLanguage(tag) ? tag : nil
        }
        let parts = tag.prefix(while: { $0 != "," && $0 != ";" }).split(whereSeparator: {
            $0 == "-" || $0 == "_" || $0 == " "
        })
        guard let first = parts.first, (2...3).contains(first.count), first.utf8.allSatisfy(\.isLetter) else {
            return nil
        }
        var output = first.lowercased()
        guard isLanguage(output) else { return nil }
        for part in parts.dropFirst().prefix(2) {
            guard part.utf8.allSatisfy({ $0.isLetter || $0.isDigit }) else { break }
            switch part.count {
            case 2: output += "-" + part.uppercased()
            case 4: output += "-" + part.prefix(1).uppercased() + part.dropFirst().lowercased()
            case 3 where part.utf8.allSatisfy(\.isDigit): output += "-" + part
            default: return output
            }
        }
        return output
    }

    /// Some codes say that it is no one language.
    private static func isLanguage(_ code: String) -> Bool { code != "und" && code != "mul" && code != "zxx" }
}
