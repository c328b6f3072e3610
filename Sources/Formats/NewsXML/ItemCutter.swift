/// Cuts the items out of a document of news without parsing it, so that each is parsed by itself: one that is not well-formed
/// fails alone, and memory follows the largest item, not the document.
///
/// It looks at tags alone, past comments, instructions and CDATA sections. What stands around the items is not judged.
final class ItemCutter {
    /// What is an item, and where one may stand in another.
    struct Rules: Sendable {
        /// The local names of the elements that are items.
        var items: [[UInt8]]
        /// The local name of the element in which the content of an item may have items that are none of the document's;
        /// nil where items nest anyway.
        var content: [UInt8]?

        init(items: [String], content: String?) {
            self.items = items.map { Array($0.utf8) }
            self.content = content.map { Array($0.utf8) }
        }

        func isItem(_ local: ArraySlice<UInt8>) -> Bool { items.contains { local == $0[...] } }
    }

    /// An item, as it stands in the window.
    struct Item {
        var range: Range<Int>
        /// The line on which it begins, from 1.
        var line: Int
        /// Why it cannot be read; nil where it is whole.
        var fault: Fault?
    }

    /// Why an item cannot be read.
    enum Fault {
        /// The next one begins within it.
        case endMissing
        case tooLarge
        case tooManyAttributes
    }

    private(set) var window: ByteWindow
    private let rules: Rules
    private let limit: Int
    /// What stands before the first item, with the tag of the root.
    private(set) var preamble: [UInt8] = []
    /// The names of the elements that are open around the first item; the first is the root's, where that is no item.
    private(set) var around: [[UInt8]] = []
    private(set) var isRootClosed = false
    private var hasItem = false
    /// What is wrong with the item that is being looked at.
    private var fault: Fault?
    /// Where looking goes on.
    private var place = 0
    private var line = 1
    /// Up to where line ends were counted.
    private var countedTo = 0

    init(_ window: ByteWindow, _ rules: Rules, limit: Int) {
        self.window = window
        self.rules = rules
        self.limit = limit
        place = window.start
        countedTo = window.start
    }

    /// The line on which the document ends, or where looking stopped.
    func lineOfPlace() -> Int { count(to: place) }

    // MARK: Items

    /// Returns the next item; nil at the end of the document.
    ///
    /// - Throws: ``Cut`` where the document ends within an item or a construct, or what stands between items is larger than
    ///   an item may be; what the source throws.
    func next() throws -> Item? {
        while let tag = try nextTag() {
            if tag.kind == .end {
                if let root = around.first, tag.name(in: window.bytes) == root[...] { isRootClosed = true }
                if !hasItem, around.count > 1 { around.removeLast() }
            } else if rules.isItem(tag.local(in: window.bytes)) {
                return try item(tag)
            } else if !hasItem {
                if around.isEmpty { isRootClosed = tag.kind == .empty }
                if around.isEmpty || tag.kind == .start { around.append(Array(tag.name(in: window.bytes))) }
                guard around.count <= 256 else { throw Cut(reason: .tooDeep, line: count(to: place)) }
            }
            if !hasItem {
                if window.count > limit { throw Cut(reason: .tooLarge, line: count(to: place)) }
            } else {
                discard(to: place)
            }
        }
        if !hasItem { preamble = Array(window.bytes[window.start...]) }
        return nil
    }

    private func item(_ tag: Tag) throws -> Item {
        if !hasItem {
            hasItem = true
            preamble = Array(window.bytes[window.start..<tag.range.lowerBound])
        }
        discard(to: tag.range.lowerBound)
        let line = count(to: window.start)
        let name = Array(tag.name(in: window.bytes))
        fault = nil
        note(tag)
        guard tag.kind != .empty else { return Item(range: window.start..<place, line: line, fault: fault) }
        var depth = 1
        var contents = 0
        while let tag = try nextTag(line: line) {
            let isOwn = tag.name(in: window.bytes) == name[...]
            if let content = rules.content, tag.local(in: window.bytes) == content[...] {
                contents += tag.kind == .start ? 1 : tag.kind == .end ? -1 : 0
            } else if isOwn, tag.kind == .end {
                depth -= 1
            } else if tag.kind == .start, isOwn, rules.content == nil || contents > 0 {
                depth += 1
            } else if tag.kind != .end, contents == 0, rules.content != nil,
                rules.isItem(tag.local(in: window.bytes))
            {
                place = tag.range.lowerBound
                return Item(range: window.start..<place, line: line, fault: fault ?? .endMissing)
            }
            if depth == 0 {
                let isTooLarge = place - window.start > limit
                return Item(range: window.start..<place, line: line, fault: isTooLarge ? .tooLarge : fault)
            }
            note(tag)
            letGo(of: place)
        }
        if case .tooLarge = fault { throw Cut(reason: .tooLarge, line: line) }
        throw Cut(reason: .ends, line: line)
    }

    private func note(_ tag: Tag) {
        if tag.hasTooManyAttributes, fault == nil { fault = .tooManyAttributes }
    }

    /// Does not hold what is larger than an item may be.
    private func letGo(of index: Int) {
        guard index - window.start > limit else { return }
        fault = .tooLarge
        discard(to: index)
    }

    /// Why the document cannot be read further.
    struct Cut: Error {
        enum Reason {
            /// It ends within what begins on the line.
            case ends
            case tooLarge
            case tooDeep
        }

        var reason: Reason
        var line: Int
    }

    // MARK: Tags

    private struct Tag {
        enum Kind { case start, end, empty }

        var kind: Kind
        /// From its `<` on.
        var range: Range<Int>
        var nameEnd: Int
        var hasTooManyAttributes = false

        func name(in bytes: [UInt8]) -> ArraySlice<UInt8> {
            bytes[(range.lowerBound + (kind == .end ? 2 : 1))..<nameEnd]
        }

        func local(in bytes: [UInt8]) -> ArraySlice<UInt8> {
            let name = name(in: bytes)
            return name.firstIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
        }
    }

    /// Returns the next tag that may matter, and moves behind it; nil at the end.
    ///
    /// - Parameter line: where what is being read began.
    private func nextTag(line: Int? = nil) throws -> Tag? {
        while true {
            let found = window.bytes.withUnsafeBufferPointer { TagScan(bytes: $0, isAtEnd: window.isAtEnd).next(place) }
            switch found {
            case .start(let range, let nameEnd, let isEmpty):
                place = range.upperBound
                let isHostile = window.bytes.withUnsafeBufferPointer { TagScan.hasTooManyAttributes($0[range]) }
                return Tag(
                    kind: isEmpty ? .empty : .start, range: range, nameEnd: nameEnd, hasTooManyAttributes: isHostile)
            case .end(let range, let nameEnd):
                place = range.upperBound
                return Tag(kind: .end, range: range, nameEnd: nameEnd)
            case .unfinished(let start):
                place = start
                guard !window.isAtEnd else {
                    // A construct that does not end, or nothing but text.
                    if start < window.bytes.count { throw Cut(reason: .ends, line: line ?? count(to: start)) }
                    return nil
                }
                if window.bytes.count - start > limit || !hasItem && window.count > limit {
                    throw Cut(reason: .tooLarge, line: line ?? count(to: start))
                }
                letGo(of: start)
                try grow()
            }
        }
    }

    /// Reads as much again as there is, so that looking at a long piece again costs no more than reading it.
    private func grow() throws {
        let offset = place - window.start
        let counted = countedTo - window.start
        let wanted = max(4096, window.count * 2)
        repeat { try window.readMore() } while !window.isAtEnd && window.count < wanted
        place = window.start + offset
        countedTo = window.start + counted
    }

    private func discard(to index: Int) {
        _ = count(to: index)
        window.start = index
    }

    /// Counts the lines up to a place behind the one that was counted to; returns the line of the place.
    private func count(to index: Int) -> Int {
        guard index > countedTo else { return line }
        line += window.bytes[countedTo..<index].withUnsafeBufferPointer { bytes in
            var count = 0
            for byte in bytes { count &+= byte == 0x0a ? 1 : 0 }
            return count
        }
        countedTo = index
        return line
    }
}
