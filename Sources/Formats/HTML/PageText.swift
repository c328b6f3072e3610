import XML

/// The text of a page as blocks, clutter left out.
struct PageText {
    /// How much is taken for clutter.
    enum Pruning {
        /// By element names and by what attributes say.
        case thorough
        /// By element names alone, for pages whose classes mislead.
        case lenient
        /// Nothing but what is no text: markup that is an article already.
        case none
    }

    private(set) var bytes: [UInt8] = []
    private(set) var blocks: [Block] = []
    /// The texts and line breaks that the blocks consist of, by node.
    private(set) var nodes: [Int32] = []

    /// Reads what stands below `root`.
    init(_ map: PageMap, root: Int, pruning: Pruning) {
        var builder = Builder(map, root: root, pruning: pruning)
        builder.run()
        bytes = builder.bytes
        blocks = builder.blocks
        nodes = builder.texts
    }

    /// The text of a block.
    func text(_ block: Block) -> ArraySlice<UInt8> { bytes[block.text] }
}

extension PageText {
    /// Appends text with every run of white space as one space, and without what cannot be seen; no space comes first behind
    /// `start`.
    static func appendCollapsed(_ source: [UInt8], _ range: Range<Int>, to output: inout [UInt8], from start: Int) {
        source.withUnsafeBufferPointer { source in
            @inline(__always) func space() {
                if output.count > start, let last = output.last, last != 0x20, last != 0x0a { output.append(0x20) }
            }
            var index = range.lowerBound
            let end = range.upperBound
            while index < end {
                let byte = source[index]
                let second = index + 1 < end ? source[index + 1] : 0
                if byte <= 0x20 || byte == 0x7f {
                    space()
                    index += 1
                } else if byte == 0xc2, second == 0xa0 || second == 0x85 {
                    space()
                    index += 2
                } else if byte == 0xc2, second == 0xad {
                    index += 2
                } else if byte == 0xe2 && second == 0x80 || byte == 0xef && second == 0xbb, index + 2 < end,
                    source[index + 2] == (byte == 0xe2 ? 0x8b : 0xbf)
                {
                    index += 3
                } else {
                    output.append(byte)
                    index += 1
                }
            }
        }
    }

    private struct Open {
        var end: Int
        var element: Int
        var kind: Block.Kind
        var row: Int
        var isBlock: Bool
        var isLink: Bool
        var isPreformatted: Bool
    }

    private struct Builder {
        let map: PageMap
        let root: Int
        let pruning: Pruning
        var bytes: [UInt8] = []
        var blocks: [Block] = []
        var texts: [Int32] = []

        private var stack: [Open]
        private var start = 0
        private var first = -1
        private var firstText = 0
        private var weight: Int32 = 0
        private var linkWeight: Int32 = 0
        private var links = 0
        private var breaks = 0

        init(_ map: PageMap, root: Int, pruning: Pruning) {
            self.map = map
            self.root = root
            self.pruning = pruning
            bytes.reserveCapacity(Int(map.weight[root]) * 3 / 2)
            stack = [
                Open(
                    end: Int(map.nodes[root].end), element: root, kind: .paragraph, row: -1, isBlock: true,
                    isLink: false, isPreformatted: false)
            ]
        }

        mutating func run() {
            let end = Int(map.nodes[root].end)
            var index = root + 1
            while index < end {
                while let top = stack.last, index >= top.end { close(top) }
                let node = map.nodes[index]
                guard let name = node.name else {
                    if map.weight[index] > 0 || !bytes.isEmpty { add(index, node) }
                    index += 1
                    continue
                }
                if name == .br {
                    lineBreak(index)
                    index += 1
                    continue
                }
                if isLeftOut(index, name) {
                    if ElementClass.of(name) != .inline, map.weight[index] > 0 { flush() }
                    index = Int(node.end)
                    continue
                }
                enter(index, name, node)
                index += 1
            }
            while let top = stack.last { close(top) }
        }

        private mutating func enter(_ index: Int, _ name: HTMLName, _ node: HTMLTree.Node) {
            let outer = stack[stack.count - 1]
            var open = Open(
                end: Int(node.end), element: index, kind: outer.kind, row: outer.row, isBlock: true, isLink: false,
                isPreformatted: outer.isPreformatted)
            switch name {
            case .h1: open.kind = .heading(1)
            case .h2: open.kind = .heading(2)
            case .h3: open.kind = .heading(3)
            case .h4: open.kind = .heading(4)
            case .h5: open.kind = .heading(5)
            case .h6: open.kind = .heading(6)
            case .li: open.kind = .item
            case .blockquote: open.kind = .quote
            case .dt: open.kind = .term
            case .pre:
                open.kind = .preformatted
                open.isPreformatted = true
            case .tr: open.row = index
            case .td, .th: open.kind = .cell
            case .p: if outer.kind != .item && outer.kind != .quote { open.kind = .paragraph }
            case .table, .article, .section: open.kind = .paragraph
            default:
                if name == .other {
                    open.isBlock = isCustom(index)
                } else {
                    open.isBlock = ElementClass.of(name) == .block
                }
                if name == .a { open.isLink = true }
            }
            if open.isBlock {
                flush()
            } else {
                open.element = outer.element
            }
            if open.isLink { links += 1 }
            stack.append(open)
        }

        private mutating func close(_ top: Open) {
            if top.isBlock { flush() }
            if top.isLink { links -= 1 }
            stack.removeLast()
        }

        /// Whether an element's name is one of its own kind, as `x-teaser`.
        private func isCustom(_ index: Int) -> Bool {
            map.tree.value(of: .other, at: index).map { map.tree.bytes[$0].contains(UInt8(ascii: "-")) } ?? false
        }

        // MARK: Clutter

        private func isLeftOut(_ index: Int, _ name: HTMLName) -> Bool {
            if pruning == .none { return [.script, .style, .head, .template, .figcaption].contains(name) }
            switch ElementClass.of(name) {
            case .void:
                if name == .noscript || name == .head || name == .script || name == .style { return true }
                // What frames all of the page's text is no button, however it is called.
                return map.weight[index] * 2 < map.weight[root] || name == .figcaption
            case .frame: return !map.holdsArticle[index]
            case .inline:
                guard pruning == .thorough else { return false }
                return !map.traits[index].isDisjoint(with: [.hidden, .sharing]) && map.weight[index] < 200
            case .block: break
            }
            switch name {
            case .form: return !map.holdsArticle[index] && map.weight[index] * 3 < map.weight[root]
            case .figure: return map.weight[index] < 400 && !holds(index, [.table, .blockquote, .pre])
            case .html, .body, .main, .article:
                return pruning == .thorough && name == .article && !map.holdsArticle[index]
            case .header:
                if !map.holdsArticle[index], isPageLevel(index) { return true }
            case .h1: return false
            default: break
            }
            let traits = map.traits[index]
            guard !traits.isDisjoint(with: .clutter), pruning == .thorough else { return false }
            return isClutter(index, traits)
        }

        private func isClutter(_ index: Int, _ traits: ElementTraits) -> Bool {
            if map.holdsArticle[index] { return false }
            let share = Double(map.weight[index]) / Double(max(1, map.weight[root]))
            let isBody = traits.contains(.body) || traits.contains(.content)
            if traits.contains(.comments) { return !isBody || share < 0.3 }
            if traits.contains(.lead), traits.isDisjoint(with: [.sharing, .navigation, .subscription, .notice]) {
                return false
            }
            // Nothing is clutter that has most of what there is to read, whatever it is called.
            if share > 0.5 || map.prose[index] * 5 > map.prose[root] * 2 { return false }
            let density = map.linkDensity(index)
            // Builders of pages call everything a widget; what reads like text within an article is its text.
            if traits.isDisjoint(with: ElementTraits.clutter.subtracting([.margin, .advertising])), density < 0.15,
                map.prose[index] >= 80, isWithinContent(index)
            {
                return false
            }
            // What points to other pages has links.
            if traits.isDisjoint(with: ElementTraits.clutter.subtracting(.related)), density < 0.1, map.prose[index] > 0
            {
                return false
            }
            // A long text with few links is content even where its class has a word of the lists in it.
            if map.weight[index] > 600, density < 0.15, share > 0.2 { return false }
            if isBody, density < 0.3 {
                // A line of who and when is none of the text, whatever else its class says: `article-text-date`.
                if traits.contains(.about), share < 0.2, map.prose[index] == 0 { return true }
                return share < 0.05
                    && !traits.isDisjoint(with: [.related, .sharing, .advertising, .subscription, .navigation])
            }
            return true
        }

        private func holds(_ index: Int, _ names: Set<HTMLName>) -> Bool {
            for below in index + 1..<max(index + 1, Int(map.nodes[index].end)) {
                if let name = map.nodes[below].name, names.contains(name) { return true }
            }
            return false
        }

        /// Whether something around an element says that it is within an article.
        private func isWithinContent(_ index: Int) -> Bool {
            var above = Int(map.nodes[index].parent)
            while above > root {
                if map.nodes[above].name == .article || map.nodes[above].name == .main
                    || !map.traits[above].isDisjoint(with: [.body, .bodyProperty])
                {
                    return true
                }
                above = Int(map.nodes[above].parent)
            }
            return false
        }

        /// Whether nothing around an element says that it is within an article.
        private func isPageLevel(_ index: Int) -> Bool {
            var above = Int(map.nodes[index].parent)
            while above > root {
                if let name = map.nodes[above].name, name == .article || name == .main { return false }
                above = Int(map.nodes[above].parent)
            }
            return true
        }

        // MARK: Text

        private mutating func add(_ index: Int, _ node: HTMLTree.Node) {
            let top = stack[stack.count - 1]
            if first < 0 {
                guard map.weight[index] > 0 else { return }
                first = index
                start = bytes.count
                firstText = texts.count
                breaks = 0
            }
            texts.append(Int32(index))
            if top.isPreformatted {
                bytes.append(contentsOf: map.tree.bytes[node.text])
            } else {
                PageText.appendCollapsed(map.tree.bytes, node.text, to: &bytes, from: start)
            }
            if map.weight[index] > 0 { breaks = 0 }
            weight += map.weight[index]
            if links > 0 { linkWeight += map.weight[index] }
        }

        private mutating func lineBreak(_ index: Int) {
            guard first >= 0 else { return }
            breaks += 1
            if breaks >= 2 {
                flush()
            } else {
                if bytes.last == 0x20 { bytes.removeLast() }
                bytes.append(0x0a)
                texts.append(Int32(index))
            }
        }

        private mutating func flush() {
            breaks = 0
            guard first >= 0 else { return }
            let top = stack[stack.count - 1]
            var end = bytes.count
            while end > start, bytes[end - 1].isSpace { end -= 1 }
            if end > start {
                blocks.append(
                    Block(
                        kind: top.kind, element: top.element, row: top.row, node: first, nodes: firstText..<texts.count,
                        text: start..<end,
                        weight: weight, linkWeight: linkWeight))
            }
            first = -1
            weight = 0
            linkWeight = 0
            start = bytes.count
        }
    }
}
