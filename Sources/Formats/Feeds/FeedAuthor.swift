/// The author of an entry as feeds write them: `a@example.org (Name)`, `Name <a@example.org>`, or the name alone.
enum FeedAuthor {
    /// Returns the name; the address where there is nothing else, nil for an empty text.
    static func name(_ text: String) -> String? {
        guard text.contains("@") else { return text.isEmpty ? nil : text }
        func trimmed(_ text: some StringProtocol) -> String {
            VisibleText.clean(String(text)).trimming { $0 == "\"" || $0 == " " || $0 == "(" || $0 == ")" }
        }
        if let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"), open < close {
            let inner = trimmed(text[text.index(after: open)..<close])
            let outer = trimmed(text[..<open])
            // Either may be the address.
            return inner.contains("@") ? (outer.isEmpty ? inner : outer) : (inner.isEmpty ? outer : inner)
        }
        if let open = text.firstIndex(of: "<"), let close = text.lastIndex(of: ">"), open < close {
            let outer = trimmed(text[..<open])
            return outer.isEmpty ? trimmed(text[text.index(after: open)..<close]) : outer
        }
        return text
    }
}

extension String {
    /// The text without characters of a kind at both ends.
    fileprivate func trimming(_ isLeftOut: (Character) -> Bool) -> String {
        var part = self[...]
        while let first = part.first, isLeftOut(first) { part.removeFirst() }
        while let last = part.last, isLeftOut(last) { part.removeLast() }
        return String(part)
    }
}
