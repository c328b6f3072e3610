import Articles
import XML

/// Markup that is an article's text already, as JSON and feeds carry it: all of it is kept, as plain text and as markup
/// made anew.
struct HTMLFragment {
    let text: String?
    let markup: String?

    /// Reads markup; nothing where it has no text, or is nested as no text is.
    ///
    /// - Parameter url: what its addresses are relative to.
    init(_ markup: String, url: String?) {
        guard let tree = try? HTMLTree(parsing: Array(markup.utf8)) else {
            (text, self.markup) = (nil, nil)
            return
        }
        let map = PageMap(tree)
        let page = PageText(map, root: map.body, pruning: .none)
        let chosen = Array(page.blocks.indices)
        let written = BodyText.write(page, chosen)
        text = written.isEmpty ? nil : written
        self.markup = written.isEmpty ? nil : BodyMarkup.write(map, page, chosen, url: url)
    }

    /// Returns whether a text is markup: it has a tag that paragraphs, breaks, links or emphasis are made with.
    static func isMarkup(_ text: String) -> Bool {
        let bytes = text.utf8
        guard var place = bytes.firstIndex(of: UInt8(ascii: "<")) else { return false }
        while true {
            let name = bytes[bytes.index(after: place)...].prefix(12).drop { $0 == UInt8(ascii: "/") }
                .prefix { $0.isLetter || $0.isDigit }.map(\.lowercased)
            let next = bytes[place...].dropFirst(name.count + 1).first
            if next != nil, tags.contains(name) { return true }
            guard let found = bytes[bytes.index(after: place)...].firstIndex(of: UInt8(ascii: "<")) else {
                return false
            }
            place = found
        }
    }

    private static let tags: Set<[UInt8]> = Set(
        [
            "p", "br", "div", "a", "b", "i", "em", "strong", "span", "ul", "ol", "li", "h1", "h2", "h3", "h4", "table",
            "blockquote", "section", "article", "figure", "img", "html", "body",
        ].map { Array($0.utf8) })
}

extension Article {
    /// Sets the body from markup; what is no markup is plain text.
    mutating func setBody(markup: String, url: String?) {
        guard HTMLFragment.isMarkup(markup) || markup.utf8.contains(UInt8(ascii: "&")) else {
            return setBody(text: markup)
        }
        let fragment = HTMLFragment(markup, url: url)
        body = fragment.text
        bodyHTML = fragment.markup
    }

    /// Sets the body from plain text.
    mutating func setBody(text: String) {
        let paragraphs = Paragraphs.text(of: text)
        body = paragraphs.isEmpty ? nil : paragraphs
    }
}
