import XML

/// The markup of chosen blocks, made anew of a few elements without attributes but the address of a link: nothing of the
/// page's own markup is passed on.
struct BodyMarkup {
    private let map: PageMap
    private let text: PageText
    private let url: String?
    private var output: [UInt8] = []

    /// Returns the markup of blocks; addresses are made complete by the page's own.
    static func write(_ map: PageMap, _ text: PageText, _ chosen: [Int], url: String?) -> String {
        var markup = BodyMarkup(map: map, text: text, url: url)
        var list: (node: Int, tag: StaticString)?
        var table: Int?
        var row: Int?
        for index in chosen {
            let block = text.blocks[index]
            let ownList = block.kind == .item ? markup.list(around: block.element) : nil
            let ownTable = block.kind == .cell && block.row >= 0 ? Int(map.nodes[block.row].parent) : nil
            if row != nil, block.kind != .cell || block.row != row { markup.close("tr", &row) }
            if table != nil, ownTable != table { markup.close("table", &table) }
            if let open = list, ownList?.node != open.node {
                markup.tag("/", open.tag)
                list = nil
            }
            if let ownList, list == nil {
                markup.tag("", ownList.tag)
                list = ownList
            }
            if let ownTable, table == nil {
                markup.tag("", "table")
                table = ownTable
            }
            if ownTable != nil, row == nil {
                markup.tag("", "tr")
                row = block.row
            }
            markup.write(block)
        }
        if row != nil { markup.close("tr", &row) }
        if table != nil { markup.close("table", &table) }
        if let list { markup.tag("/", list.tag) }
        return String(decoding: markup.output, as: UTF8.self)
    }

    private mutating func write(_ block: Block) {
        let tag: StaticString =
            switch block.kind {
            case .paragraph: "p"
            // The first level is the title's.
            case .heading(let level): ["h2", "h2", "h3", "h4", "h5", "h6"][level - 1]
            case .item: "li"
            case .quote: "blockquote"
            case .preformatted: "pre"
            case .cell: block.row >= 0 ? "td" : "p"
            case .term: "p"
            }
        self.tag("", tag)
        writeInline(block)
        self.tag("/", tag)
    }

    /// Writes a block's text with the elements that stand around each piece of it.
    private mutating func writeInline(_ block: Block) {
        var open: [Int] = []
        let start = output.count
        for node in text.nodes[block.nodes].lazy.map(Int.init) {
            var around: [Int] = []
            var above = Int(map.nodes[node].parent)
            while above != block.element, above > map.body, around.count < 16 {
                if BodyMarkup.tag(of: map.nodes[above].name) != nil { around.append(above) }
                above = Int(map.nodes[above].parent)
            }
            around.reverse()
            let shared = zip(open, around).prefix { $0 == $1 }.count
            while open.count > shared { closeInline(open.removeLast()) }
            for element in around[shared...] {
                openInline(element)
                open.append(element)
            }
            if map.nodes[node].name == .br {
                output.append(contentsOf: "<br>".utf8)
            } else if block.kind == .preformatted {
                for byte in map.tree.bytes[map.nodes[node].text] { escape(byte) }
            } else {
                writeText(map.nodes[node].text, isFirst: output.count == start)
            }
        }
        while let last = open.popLast() { closeInline(last) }
    }

    private mutating func writeText(_ range: Range<Int>, isFirst: Bool) {
        var piece: [UInt8] = []
        PageText.appendCollapsed(map.tree.bytes, range, to: &piece, from: 0)
        if isFirst, piece.first == 0x20 { piece.removeFirst() }
        if piece.first == 0x20, output.last == 0x20 { piece.removeFirst() }
        if let first = map.tree.bytes[range].first, first.isSpace, piece.first != 0x20, output.last != 0x20, !isFirst {
            output.append(0x20)
        }
        for byte in piece { escape(byte) }
    }

    private mutating func openInline(_ node: Int) {
        guard let tag = BodyMarkup.tag(of: map.nodes[node].name) else { return }
        guard map.nodes[node].name == .a else { return self.tag("", tag) }
        let address = map.tree.string(of: .href, at: node).flatMap { WebAddress.resolve($0, against: url) }
        output.append(contentsOf: "<a".utf8)
        if let address {
            output.append(contentsOf: " href=\"".utf8)
            for byte in address.utf8 { escape(byte) }
            output.append(UInt8(ascii: "\""))
        }
        output.append(UInt8(ascii: ">"))
    }

    private mutating func closeInline(_ node: Int) {
        if let tag = BodyMarkup.tag(of: map.nodes[node].name) { self.tag("/", tag) }
    }

    private static func tag(of name: HTMLName?) -> StaticString? {
        switch name {
        case .a: "a"
        case .em, .i, .cite, .dfn: "em"
        case .strong, .b: "strong"
        case .code, .kbd, .samp, .tt: "code"
        case .sub: "sub"
        case .sup: "sup"
        case .q: "q"
        case .mark: "mark"
        case .ins, .u: "u"
        case .del, .s, .strike: "s"
        default: nil
        }
    }

    private func list(around element: Int) -> (node: Int, tag: StaticString)? {
        var above = element
        while above > map.body {
            switch map.nodes[above].name {
            case .ol: return (above, "ol")
            case .ul, .menu, .dir: return (above, "ul")
            default: above = Int(map.nodes[above].parent)
            }
        }
        return (map.body, "ul")
    }

    private mutating func close(_ tag: StaticString, _ open: inout Int?) {
        self.tag("/", tag)
        open = nil
    }

    private mutating func tag(_ slash: StaticString, _ tag: StaticString) {
        output.append(UInt8(ascii: "<"))
        for part in [slash, tag] { part.withUTF8Buffer { output.append(contentsOf: $0) } }
        output.append(UInt8(ascii: ">"))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "&"): output.append(contentsOf: "&amp;".utf8)
        case UInt8(ascii: "<"): output.append(contentsOf: "&lt;".utf8)
        case UInt8(ascii: ">"): output.append(contentsOf: "&gt;".utf8)
        case UInt8(ascii: "\""): output.append(contentsOf: "&quot;".utf8)
        default: output.append(byte)
        }
    }
}
