import XML

/// A document of news, or one item of it, with the names of its elements looked up once.
struct NewsTree {
    let tree: XMLTree
    /// The line of the file on which the tree's first line stands.
    let firstLine: Int
    /// The tags of ``XMLTree/names``.
    private let tags: [NewsTag?]

    init(_ tree: XMLTree, firstLine: Int) {
        self.tree = tree
        self.firstLine = firstLine
        tags = tree.names.map { NewsTag(local: $0.local) }
    }

    /// The tag of an element; nil for text, and for an element of which nothing is read.
    func tag(_ index: Int) -> NewsTag? {
        let name = tree.nodes[index].name
        return name < 0 ? nil : tags[Int(name)]
    }

    /// The line of the file on which a node begins.
    func line(_ index: Int) -> Int { firstLine - 1 + Int(tree.nodes[index].line) }

    // MARK: Elements

    /// The elements directly in an element.
    func children(of index: Int) -> Children { Children(tree: tree, place: index + 1, end: end(of: index)) }

    /// The first of the elements directly in an element.
    func firstChild(of index: Int) -> Int? {
        var children = children(of: index)
        return children.next()
    }

    /// The index behind an element's last descendant.
    func end(of index: Int) -> Int { Int(tree.nodes[index].end) }
    /// The nodes in an element.
    func descendants(of index: Int) -> Range<Int> { index + 1..<max(index + 1, end(of: index)) }
    /// The element around a node; -1 for the root.
    func parent(of index: Int) -> Int { Int(tree.nodes[index].parent) }
    /// All nodes.
    var indices: Range<Int> { tree.nodes.indices }

    /// The elements directly in one, in their order.
    struct Children: Sequence, IteratorProtocol {
        let tree: XMLTree
        var place: Int
        let end: Int

        mutating func next() -> Int? {
            while place < end {
                let index = place
                let node = tree.nodes[index]
                place = Int(node.end)
                if !node.isText { return index }
            }
            return nil
        }
    }

    /// The first element of a tag directly in an element.
    func first(_ wanted: NewsTag, in index: Int) -> Int? {
        for child in children(of: index) where tag(child) == wanted { return child }
        return nil
    }

    /// The elements of a tag directly in an element.
    func all(_ wanted: NewsTag, in index: Int) -> [Int] { children(of: index).filter { tag($0) == wanted } }

    /// The first element of a tag anywhere in an element.
    func find(_ wanted: NewsTag, in index: Int) -> Int? {
        descendants(of: index).first { tag($0) == wanted }
    }

    // MARK: Texts

    /// The value of an attribute without space around it; nil where it has none else.
    func value(_ wanted: NewsTag, of index: Int) -> String? {
        guard let range = tree.value(of: index, where: { tags[$0] == wanted }) else { return nil }
        return text(of: range)
    }

    /// The text of an element as it is.
    func rawText(_ index: Int) -> String { tree.text(index) }

    /// The text of an element on one line; nil where there is none.
    ///
    /// - Parameter leftOut: elements that are none of it.
    func text(_ index: Int, without leftOut: NewsTag? = nil) -> String? {
        // Most have one piece of text.
        if end(of: index) == index + 2, tree.nodes[index + 1].isText {
            return self.text(of: tree.nodes[index + 1].text)
        }
        var text: [UInt8] = []
        var place = index
        while place < end(of: index) {
            let node = tree.nodes[place]
            if node.isText {
                PageText.appendCollapsed(tree.bytes, node.text, to: &text, from: 0)
            } else if let tag = tag(place) {
                if StoryRole(tag).parts, let last = text.last, last != 0x20 { text.append(0x20) }
                if tag == leftOut {
                    place = Int(node.end)
                    continue
                }
            }
            place += 1
        }
        return string(text)
    }

    /// The text of the first element of a tag that has any directly in an element.
    func text(of wanted: NewsTag, in index: Int) -> String? {
        for child in children(of: index) where tag(child) == wanted {
            if let text = text(child) { return text }
        }
        return nil
    }

    /// The texts of the elements of a tag directly in an element.
    func texts(of wanted: NewsTag, in index: Int) -> [String] { all(wanted, in: index).compactMap { text($0) } }

    private func text(of range: Range<Int>) -> String? {
        if let plain = plain(range) { return plain }
        var text: [UInt8] = []
        PageText.appendCollapsed(tree.bytes, range, to: &text, from: 0)
        return string(text)
    }

    /// A text that stands as it is shown, but for space around it; nil where it has other spaces, or what cannot be seen.
    private func plain(_ range: Range<Int>) -> String? {
        tree.bytes.withUnsafeBufferPointer { bytes in
            var bytes = bytes[range]
            while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
            while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
            var previous: UInt8 = 0
            for byte in bytes {
                guard NewsTree.isPlain[Int(byte)], byte != 0x20 || previous != 0x20 else { return nil }
                previous = byte
            }
            return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Bytes that are no space but the one, and begin nothing that cannot be seen.
    private static let isPlain: [Bool] = (0..<256).map { $0 >= 0x20 && ![0x7f, 0xc2, 0xe2, 0xef].contains($0) }

    private func string(_ text: [UInt8]) -> String? {
        let end = text.last == 0x20 ? text.count - 1 : text.count
        return end > 0 ? String(decoding: text[..<end], as: UTF8.self) : nil
    }

    /// The language that an element, or the nearest around it, is said to be in.
    func language(at index: Int) -> String? {
        var index = index
        while index >= 0 {
            if let tag = value(.lang, of: index).flatMap(LanguageTag.normalized) { return tag }
            index = Int(tree.nodes[index].parent)
        }
        return nil
    }
}
