import Encodings

/// The root element of a document, found without parsing it.
struct XMLRoot {
    /// Its name without a prefix.
    let name: String
    /// The same in lower case.
    let local: String
    private let tag: [UInt8]
    /// No more is looked at.
    static let limit = 8192

    /// Looks for the first start tag behind declarations, comments and the doctype; nil where there is none.
    init?(_ bytes: [UInt8]) {
        guard bytes.beginsWithTag(within: XMLRoot.limit) else { return nil }
        var bytes = Array(bytes.prefix(XMLRoot.limit))
        if let wide = PageEncoding.wide(bytes), let text = TextConverter.utf8(from: bytes, in: wide)?.text {
            bytes = text
        }
        var rest = bytes[...]
        if rest.starts(with: [0xef, 0xbb, 0xbf]) { rest = rest.dropFirst(3) }
        while true {
            rest = rest.drop { $0.isSpace }
            guard rest.first == UInt8(ascii: "<"), let second = rest.dropFirst().first else { return nil }
            if rest.starts(with: "<!--".utf8) {
                guard let end = rest.end(of: "-->") else { return nil }
                rest = rest[end...]
            } else if second == UInt8(ascii: "?") {
                guard let end = rest.end(of: "?>") else { return nil }
                rest = rest[end...]
            } else if second == UInt8(ascii: "!") {
                guard let end = rest.endOfDoctype() else { return nil }
                rest = rest[end...]
            } else {
                break
            }
        }
        let tag = rest.dropFirst().prefix { $0 != UInt8(ascii: ">") }
        let name = tag.prefix { !$0.isSpace && $0 != UInt8(ascii: "/") }
        guard let first = name.first, first.isLetter || first == 0x5f || first >= 0x80 else { return nil }
        let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
        self.name = String(decoding: local, as: UTF8.self)
        self.local = self.name.lowercased()
        self.tag = Array(tag)
    }

    /// Returns whether a text stands in the root's tag, as a namespace does.
    func declares(_ text: StaticString) -> Bool { tag.contains(sequence: text) }

    /// Returns whether the last tag of a document ends its root.
    static func isClosed(_ bytes: [UInt8], _ root: String) -> Bool {
        let end = bytes.reversed().drop { $0 <= 0x20 }
        guard end.first == UInt8(ascii: ">") else { return false }
        let tag = Array(end.prefix(256).reversed())
        guard let open = tag.lastIndex(of: UInt8(ascii: "<")) else { return false }
        if tag.dropLast().last == UInt8(ascii: "/") { return true }
        let name = tag[(open + 1)...].dropFirst().prefix { $0 != UInt8(ascii: ">") && !$0.isSpace }
        let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
        return tag[open + 1] == UInt8(ascii: "/") && local.elementsEqual(root.utf8)
    }
}
