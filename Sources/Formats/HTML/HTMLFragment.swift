import Articles
import Glibc
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
        do throws(HTMLError) { try self.init(parsing: Array(markup.utf8), url: url) } catch {
            self.init(text: nil, markup: nil)
        }
    }

    private init(text: String?, markup: String?) {
        self.text = text
        self.markup = markup
    }

    /// Reads markup in UTF-8, or throws where it is nested as no text is.
    init(parsing markup: [UInt8], url: String?) throws(HTMLError) {
        // Numbers of windows-1252 would be control characters.
        let tree = try HTMLTree(parsing: markup.contains(sequence: "&#") ? XMLRepair.references(in: markup) : markup)
        let map = PageMap(tree)
        let page = PageText(map, root: map.body, pruning: .none)
        let chosen = Array(page.blocks.indices)
        let written = BodyText.write(page, chosen)
        text = written.isEmpty ? nil : written
        self.markup = written.isEmpty ? nil : BodyMarkup.write(map, page, chosen, url: url)
    }

    /// Returns whether a text is markup: it has a tag that paragraphs, breaks, links or emphasis are made with.
    static func isMarkup(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var start = 0
            while start < bytes.count, let found = memchr(bytes.baseAddress! + start, 0x3c, bytes.count - start) {
                let place = found - UnsafeMutableRawPointer(mutating: bytes.baseAddress!)
                let name = bytes[(place + 1)...].prefix(12).drop { $0 == UInt8(ascii: "/") }
                    .prefix { $0.isLetter || $0.isDigit }
                if name.endIndex < bytes.count, tags.contains(name.map(\.lowercased)) { return true }
                start = place + 1
            }
            return false
        }
    }

    /// The elements of HTML, also those that nobody should use any more.
    private static let tags: Set<[UInt8]> = Set(
        """
        a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body br button \
        canvas caption center cite code col colgroup command datalist dd del details dfn dialog dir div dl dt em embed \
        fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html i iframe img input \
        ins kbd keygen label legend li link main map mark marquee math menu meta meter nav noscript object ol optgroup option \
        output p param picture pre progress q rp rt ruby s samp script section select small source span strike strong style \
        sub summary sup svg table tbody td textarea tfoot th thead time tr track tt u ul var video wbr
        """.split(separator: " ").map { Array($0.utf8) })
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
