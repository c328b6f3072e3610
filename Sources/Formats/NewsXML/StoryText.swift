import XML

/// The text of an article that is marked up in XML itself, as XHTML or NITF: plain text and markup made anew, both from the
/// tree that is there, without a second parse.
///
/// What comes out is what ``HTMLFragment`` makes of the same markup: paragraphs parted by blank lines, the items of a list
/// and the rows of a table by line ends, cells by a bar, and markup of a few elements without attributes but the addresses
/// of links.
struct StoryText {
    private let news: NewsTree
    private let url: String?
    private let isSkipped: (Int) -> Bool
    private var plain: [UInt8] = []
    private var markup: [UInt8] = []

    // What is open in the markup.
    private var block: Place?
    private var list: (node: Int, tag: StaticString)?
    private var table: Int?
    private var row: Int?
    private var inlines: [(tag: StaticString, href: String?)] = []
    private var writtenInlines = 0

    private var previous: Place?
    private var blockStart = 0
    private var isSpaceDue = false
    private var breaks = 0

    /// What text belongs to, by the elements around it.
    private struct Place {
        var kind = StoryRole.paragraph
        var row = -1
        var table = -1
        var list: (node: Int, isOrdered: Bool)?
        var isPreformatted = false
    }

    /// Reads what is in elements.
    ///
    /// - Parameters:
    ///   - url: what addresses are relative to.
    ///   - isSkipped: whether an element is none of the text.
    init(_ news: NewsTree, in elements: [Int], url: String?, isSkipped: @escaping (Int) -> Bool = { _ in false }) {
        self.news = news
        self.url = url
        self.isSkipped = isSkipped
        for element in elements {
            walk(element, Place())
            flush()
        }
        closeLists(for: nil)
    }

    /// The plain text; nil where there is none.
    var text: String? { plain.isEmpty ? nil : String(decoding: plain, as: UTF8.self) }
    /// The markup; nil where there is no text.
    var html: String? { plain.isEmpty ? nil : String(decoding: markup, as: UTF8.self) }

    // MARK: Elements

    private mutating func walk(_ index: Int, _ place: Place) {
        var child = index + 1
        let end = Int(news.tree.nodes[index].end)
        while child < end {
            let node = news.tree.nodes[child]
            if node.isText {
                add(node.text, place)
            } else if !isSkipped(child) {
                element(child, place)
            }
            child = Int(node.end)
        }
    }

    private mutating func element(_ index: Int, _ place: Place) {
        let role = StoryRole(news.tag(index))
        if place.kind == .cell, [.paragraph, .block].contains(role) { return withinCell(index, place) }
        var inner = place
        switch role {
        case .leftOut: return
        case .lineBreak: return lineBreak()
        case .transparent: return walk(index, place)
        case .inline(let tag): return inline(index, tag, nil, place)
        case .link:
            let href = news.value(.href, of: index).flatMap { WebAddress.resolve($0, against: url) }
            return inline(index, "a", href, place)
        case .paragraph: if ![.item, .quote].contains(place.kind) { inner.kind = .paragraph }
        case .heading, .item, .quote, .term: inner.kind = role
        case .preformatted:
            inner.kind = role
            inner.isPreformatted = true
        case .list(let isOrdered): inner.list = (index, isOrdered)
        case .table:
            inner.kind = .paragraph
            inner.table = index
        case .row: inner.row = index
        case .cell: inner.kind = inner.row < 0 ? .paragraph : .cell
        case .block: break
        }
        flush()
        walk(index, inner)
        flush()
    }

    /// A cell is one block, whatever paragraphs it has.
    private mutating func withinCell(_ index: Int, _ place: Place) {
        isSpaceDue = block != nil
        walk(index, place)
        isSpaceDue = block != nil
    }

    private mutating func inline(_ index: Int, _ tag: StaticString, _ href: String?, _ place: Place) {
        inlines.append((tag, href))
        walk(index, place)
        if writtenInlines == inlines.count {
            write("</", tag)
            writtenInlines -= 1
        }
        inlines.removeLast()
    }

    private mutating func lineBreak() {
        guard block != nil else { return }
        isSpaceDue = false
        breaks += 1
        if breaks >= 2 { flush() }
    }

    // MARK: Blocks

    private mutating func open(_ place: Place) {
        closeLists(for: place)
        if place.kind == .item, list == nil {
            list = (place.list?.node ?? 0, place.list?.isOrdered == true ? "ol" : "ul")
            write("<", list!.tag)
        }
        if place.kind == .cell {
            if table == nil { write("<", "table") }
            table = place.table
            if row == nil { write("<", "tr") }
            row = place.row
        }
        if let previous {
            if place.kind == .cell, previous.kind == .cell, place.row == previous.row {
                plain += " | ".utf8
            } else if place.kind == previous.kind, place.kind == .item || place.kind == .cell {
                plain.append(0x0a)
            } else {
                plain += [0x0a, 0x0a]
            }
        }
        if place.kind == .item { plain += "- ".utf8 }
        write("<", StoryText.tag(of: place.kind))
        block = place
        blockStart = plain.count
        isSpaceDue = false
        breaks = 0
    }

    /// Ends the block that is open, if one is.
    private mutating func flush() {
        guard let block else { return }
        while writtenInlines > 0 {
            writtenInlines -= 1
            write("</", inlines[writtenInlines].tag)
        }
        if block.isPreformatted {
            while plain.count > blockStart, plain.last!.isSpace { plain.removeLast() }
            while markup.last!.isSpace { markup.removeLast() }
        }
        write("</", StoryText.tag(of: block.kind))
        previous = block
        self.block = nil
    }

    /// Ends the row, the table and the list that the next block is not in.
    private mutating func closeLists(for place: Place?) {
        let isCell = place?.kind == .cell
        if let row, !isCell || row != place?.row {
            write("</", "tr")
            self.row = nil
        }
        if let table, !isCell || table != place?.table {
            write("</", "table")
            self.table = nil
        }
        if let list, place?.kind != .item || list.node != place?.list?.node ?? 0 {
            write("</", list.tag)
            self.list = nil
        }
    }

    private static func tag(of kind: StoryRole) -> StaticString {
        switch kind {
        // The first level is the title's.
        case .heading(let level): ["h2", "h2", "h3", "h4", "h5", "h6"][level - 1]
        case .item: "li"
        case .quote: "blockquote"
        case .preformatted: "pre"
        case .cell: "td"
        default: "p"
        }
    }

    // MARK: Text

    /// Bytes that stand for themselves: no space, nothing that markup escapes, and nothing that begins what cannot be seen.
    private static let isOrdinary: [Bool] = (0..<256).map { byte in
        byte > 0x20 && ![0x7f, 0xc2, 0xe2, 0xef, 0x26, 0x3c, 0x3e, 0x22].contains(byte)
    }

    private mutating func add(_ range: Range<Int>, _ place: Place) {
        let tree = news.tree
        tree.bytes.withUnsafeBufferPointer { bytes in
            let bytes = UnsafeBufferPointer(rebasing: bytes[range])
            if place.isPreformatted { preformatted(bytes, place) } else { collapsed(bytes, place) }
        }
    }

    private mutating func collapsed(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Place) {
        StoryText.isOrdinary.withUnsafeBufferPointer { isOrdinary in
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                let second = index + 1 < bytes.count ? bytes[index + 1] : 0
                if isOrdinary[Int(byte)] {
                    let start = index
                    index += 1
                    // One space between words is taken with them.
                    while index < bytes.count,
                        isOrdinary[Int(bytes[index])]
                            || bytes[index] == 0x20 && index + 1 < bytes.count && isOrdinary[Int(bytes[index + 1])]
                    {
                        index += 1
                    }
                    write(bytes[start..<index], place)
                } else if byte <= 0x20 || byte == 0x7f {
                    isSpaceDue = block != nil && breaks == 0
                    index += 1
                } else if byte == 0xc2, second == 0xa0 || second == 0x85 {
                    isSpaceDue = block != nil && breaks == 0
                    index += 2
                } else if byte == 0xc2, second == 0xad {
                    index += 2
                } else if byte == 0xe2 && second == 0x80 || byte == 0xef && second == 0xbb, index + 2 < bytes.count,
                    bytes[index + 2] == (byte == 0xe2 ? 0x8b : 0xbf)
                {
                    index += 3
                } else {
                    write(bytes[index...index], place)
                    index += 1
                }
            }
        }
    }

    private mutating func preformatted(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Place) {
        var rest = bytes[...]
        if block == nil {
            rest = rest.drop { $0 == 0x0a || $0 == 0x0d }
            guard rest.contains(where: { !$0.isSpace }) else { return }
        }
        write(rest, place)
    }

    /// Writes bytes of text, which are not empty, as they are.
    private mutating func write(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ place: Place) {
        if block == nil { open(place) }
        if breaks > 0 {
            plain.append(0x0a)
            markup += "<br>".utf8
            breaks = 0
        } else if isSpaceDue {
            plain.append(0x20)
            markup.append(0x20)
        }
        isSpaceDue = false
        while writtenInlines < inlines.count {
            openInline(inlines[writtenInlines])
            writtenInlines += 1
        }
        plain.append(contentsOf: bytes)
        let needsEscape = bytes.count == 1 || place.isPreformatted
        if needsEscape { for byte in bytes { escape(byte) } } else { markup.append(contentsOf: bytes) }
    }

    private mutating func openInline(_ inline: (tag: StaticString, href: String?)) {
        guard let href = inline.href else { return write("<", inline.tag) }
        markup += "<a href=\"".utf8
        for byte in href.utf8 { escape(byte) }
        markup += "\">".utf8
    }

    private mutating func write(_ opening: StaticString, _ tag: StaticString) {
        for part in [opening, tag, ">"] { part.withUTF8Buffer { markup.append(contentsOf: $0) } }
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "&"): markup += "&amp;".utf8
        case UInt8(ascii: "<"): markup += "&lt;".utf8
        case UInt8(ascii: ">"): markup += "&gt;".utf8
        case UInt8(ascii: "\""): markup += "&quot;".utf8
        default: markup.append(byte)
        }
    }
}
