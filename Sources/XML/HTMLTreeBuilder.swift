import CXML2

/// Takes libxml2's events and builds a tree of them within limits.
struct HTMLTreeBuilder {
    private let limits: HTMLTree.Limits
    private var tree: HTMLTree
    /// The elements that are open, by index; the page first.
    private var open: [Int32] = [0]
    /// How many elements are open below the depth at which the tree is folded.
    private var folded = 0
    /// How many `pre` and `textarea` are open, in which white space stands as it is.
    private var preformatted = 0
    /// Whether the text of the open script is kept.
    private var keepsScript = false
    /// The names that were met, by the address under which the parser keeps them.
    private var names = [NameEntry](repeating: NameEntry(), count: 1024)

    private var page = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private var context: htmlParserCtxtPtr?
    private var position = 0
    private var work = 0

    /// Why the parser was stopped.
    private(set) var failure: HTMLError?

    private struct NameEntry {
        var address: UInt = 0
        var name = HTMLName.other
    }

    init(limits: HTMLTree.Limits, expectedBytes: Int) {
        self.limits = limits
        tree = HTMLTree(nodes: [], attributes: [], bytes: [])
        tree.nodes.reserveCapacity(expectedBytes / 24)
        tree.attributes.reserveCapacity(expectedBytes / 48)
        tree.bytes.reserveCapacity(expectedBytes / 2)
        tree.nodes.append(.init(name: .other, attributeCount: 0, parent: 0, end: 1, start: 0, count: 0))
    }

    /// Says what is read and by whom; both must outlive the parsing.
    mutating func open(_ page: UnsafeBufferPointer<UInt8>, _ context: htmlParserCtxtPtr) {
        self.page = page
        self.context = context
    }

    /// Returns the tree, once the parser is done.
    mutating func finish() -> HTMLTree {
        while !open.isEmpty { close() }
        return tree
    }

    // MARK: Input

    /// Copies the next bytes of the page; 0 at its end or where a limit is met.
    ///
    /// It never stops the parser itself, which would free the buffer that is being filled.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let context, failure == nil else { return 0 }
        if context.pointee.maxatts > 2 * (limits.attributes + 8) {
            failure = .tooManyAttributes(limit: limits.attributes)
            return 0
        }
        let count = min(buffer.count, page.count - position)
        guard count > 0 else { return 0 }
        let piece = UnsafeBufferPointer(rebasing: page[position..<position + count])
        // A tag that closes nothing makes no event, so the work is reckoned from the input. Names are compared one by one.
        var tags = 0
        for byte in piece where byte == UInt8(ascii: "<") { tags += 1 }
        work += tags * Int(context.pointee.nameNr)
        guard work <= limits.work else {
            failure = .tooMuchWork
            return 0
        }
        buffer.copyMemory(from: UnsafeRawBufferPointer(piece))
        position += count
        return count
    }

    private mutating func stop(_ reason: HTMLError?) {
        if failure == nil { failure = reason }
        xmlStopParser(context)
    }

    // MARK: Events

    /// Opens an element; `attributes` are names and values in turn, ended by a nil.
    mutating func start(
        _ name: UnsafePointer<UInt8>, _ attributes: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
    ) {
        guard failure == nil else { return stop(nil) }
        guard open.count + folded < limits.depth else { return stop(.tooDeep(limit: limits.depth)) }
        let known = self.name(at: name)
        let isFolded = open.count >= limits.treeDepth
        let first = tree.attributes.count
        if known == .other { append(.other, name) }
        var next = attributes
        while let pair = next, let attribute = pair.pointee {
            let name = self.name(at: attribute)
            if name != .other, tree.attributes.count - first < limits.attributes { append(name, pair[1]) }
            next = pair + 2
        }
        let index = Int32(tree.nodes.count)
        let element = HTMLTree.Node(
            name: known, attributeCount: UInt16(tree.attributes.count - first), parent: open.last ?? 0, end: index + 1,
            start: Int32(first), count: 0)
        guard append(element) else { return }
        if isFolded { folded += 1 } else { open.append(index) }
        if known == .pre || known == .textarea { preformatted += 1 }
        if known == .script { keepsScript = isLinkedData(tree.nodes[Int(index)]) }
    }

    /// Closes the element that was opened last.
    mutating func end(_ name: UnsafePointer<UInt8>) {
        guard failure == nil else { return }
        let known = self.name(at: name)
        if known == .pre || known == .textarea { preformatted = max(0, preformatted - 1) }
        if known == .script { keepsScript = false }
        if folded > 0 { folded -= 1 } else if open.count > 1 { close() }
    }

    /// Adds text to the open element.
    mutating func text(_ text: UnsafeBufferPointer<UInt8>) {
        guard failure == nil else { return }
        // The space between two tags is one space, however much of it there is.
        if preformatted == 0, text.allSatisfy({ $0 <= 0x20 }) {
            if lastIsText, tree.bytes.last == 0x20 { return }
            HTMLTreeBuilder.space.withUnsafeBufferPointer { append(text: $0) }
        } else {
            append(text: text)
        }
    }

    private static let space: [UInt8] = [0x20]

    /// Adds the text of a script or style, where it is kept.
    mutating func script(_ text: UnsafeBufferPointer<UInt8>) {
        guard failure == nil, keepsScript else { return }
        append(text: text)
    }

    // MARK: Tree

    /// Whether the last node is a text of the open element, which more text continues.
    private var lastIsText: Bool {
        guard let last = tree.nodes.last, last.isText, last.parent == open.last else { return false }
        return Int(last.start) + Int(last.count) == tree.bytes.count
    }

    private mutating func append(text: UnsafeBufferPointer<UInt8>) {
        let start = Int32(tree.bytes.count)
        let continues = lastIsText
        tree.bytes.append(contentsOf: text)
        if continues {
            tree.nodes[tree.nodes.count - 1].count += Int32(text.count)
        } else {
            let index = Int32(tree.nodes.count)
            _ = append(
                HTMLTree.Node(
                    name: nil, attributeCount: 0, parent: open.last ?? 0, end: index + 1, start: start,
                    count: Int32(text.count)))
        }
    }

    /// Adds a node; false where there are too many, so that the parser was stopped.
    private mutating func append(_ node: HTMLTree.Node) -> Bool {
        guard tree.nodes.count < limits.nodes else {
            stop(.tooManyNodes(limit: limits.nodes))
            return false
        }
        tree.nodes.append(node)
        return true
    }

    private mutating func append(_ name: HTMLName, _ value: UnsafePointer<UInt8>?) {
        let start = Int32(tree.bytes.count)
        if let value {
            var end = value
            while end.pointee != 0 { end += 1 }
            tree.bytes.append(contentsOf: UnsafeBufferPointer(start: value, count: end - value))
        }
        tree.attributes.append(.init(name: name, start: start, count: Int32(tree.bytes.count) - start))
    }

    private mutating func close() {
        let index = Int(open.removeLast())
        tree.nodes[index].end = Int32(tree.nodes.count)
    }

    private func isLinkedData(_ script: HTMLTree.Node) -> Bool {
        for attribute in tree.attributes[script.attributes] where attribute.name == .type {
            return String(decoding: tree.bytes[attribute.value], as: UTF8.self).lowercased().contains("ld+json")
        }
        return false
    }

    /// The name at an address. libxml2 keeps each name once ("the dictionary"), so that its address says which it is.
    private mutating func name(at address: UnsafePointer<UInt8>) -> HTMLName {
        let key = UInt(bitPattern: address)
        var slot = Int((key >> 3) ^ (key >> 13)) & 1023
        for _ in 0..<8 {
            let entry = names[slot]
            if entry.address == key { return entry.name }
            if entry.address == 0 { break }
            slot = (slot + 1) & 1023
        }
        var count = 0
        while address[count] != 0, count <= 16 { count += 1 }
        let name = HTMLName.named(UnsafeBufferPointer(start: address, count: count))
        // Where eight names share a place, the eighth is looked up each time or takes the place of another.
        names[slot] = NameEntry(address: key, name: name)
        return name
    }
}
