/// By what bytes are known to be a page of HTML.
enum PageSign {
    private static let named = "it begins with a tag of HTML, and its name ends as a page's does"

    /// Returns by what bytes are known to be a page; nil where they are none.
    static func sign(of bytes: [UInt8], name: [UInt8]) -> String? {
        guard bytes.beginsWithTag(within: 4096) else { return nil }
        // UTF-16 has a NUL beside each of the first characters.
        let head = bytes.prefix(4096).filter { $0 != 0 }
        var text = head[...]
        if text.starts(with: [0xef, 0xbb, 0xbf]) { text = text.dropFirst(3) }
        if text.starts(with: [0xff, 0xfe]) || text.starts(with: [0xfe, 0xff]) { text = text.dropFirst(2) }
        while true {
            text = text.drop { $0.isSpace }
            guard text.first == UInt8(ascii: "<") else { return nil }
            if text.starts(with: Array("<!--".utf8)) {
                guard let end = text.end(of: "-->") else { return isNamed(name) ? named : nil }
                text = text[end...]
            } else if text.starts(with: Array("<?xml".utf8)) {
                guard let end = text.end(of: "?>") else { return nil }
                text = text[end...]
            } else {
                break
            }
        }
        let start = String(decoding: text.prefix(64), as: UTF8.self).lowercased()
        if start.hasPrefix("<!doctype html") { return "its doctype is html" }
        let tag = start.dropFirst().prefix { $0.isLetter || $0.isNumber }
        let next = start.dropFirst(1 + tag.count).first
        guard next == nil || next == ">" || next == " " || next == "\n" || next == "\r" || next == "\t" || next == "/"
        else { return nil }
        switch tag {
        case "html": return "its first tag is html"
        case "head": return "its first tag is head"
        case "body": return "its first tag is body"
        default: return isNamed(name) && tags.contains(String(tag)) ? named : nil
        }
    }

    /// Whether a page ends before its own end tag.
    static func isCut(_ page: [UInt8]) -> Bool {
        let tail = page.suffix(4096).map(\.lowercased)
        return !tail.contains(sequence: "</html") && !tail.contains(sequence: "</body")
    }

    private static let tags: Set<String> = [
        "title", "meta", "link", "script", "style", "base", "div", "p", "h1", "h2", "h3", "article", "main", "section",
        "table",
        "center", "font", "a", "b", "span", "ul", "ol", "blockquote", "header", "nav", "pre", "hr", "br", "img", "i",
        "em", "strong",
    ]

    private static func isNamed(_ name: [UInt8]) -> Bool {
        let name = String(decoding: name, as: UTF8.self).lowercased()
        return [".html", ".htm", ".xhtml", ".shtml", ".xht"].contains { name.hasSuffix($0) }
    }
}
