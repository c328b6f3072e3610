import Glibc

/// Finds the tags of a document, past what only looks like them: comments, instructions, declarations, CDATA sections.
struct TagScan {
    let bytes: UnsafeBufferPointer<UInt8>
    /// Nothing comes behind the bytes.
    let isAtEnd: Bool

    /// How many attributes an element may have. libxml2 compares each with all before it: a few hundred thousand would take
    /// minutes.
    static let attributeLimit = 4096

    /// Whether a start tag has more attributes than any that is written in earnest.
    static func hasTooManyAttributes(_ tag: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        // The shortest have five bytes: a="".
        tag.count > attributeLimit * 5 && tag.count { $0 == UInt8(ascii: "=") } > attributeLimit
    }

    /// What was found.
    enum Found {
        /// A start tag; it ends at the range's end.
        case start(Range<Int>, nameEnd: Int, isEmpty: Bool)
        /// An end tag.
        case end(Range<Int>, nameEnd: Int)
        /// Nothing up to the end of the bytes; looking goes on at the index once there are more.
        case unfinished(Int)
    }

    /// Returns the first tag from an index on.
    func next(_ index: Int) -> Found {
        var index = index
        while let open = find(0x3c, from: index) {
            guard open + 1 < bytes.count else { return .unfinished(open) }
            let second = bytes[open + 1]
            switch second {
            case UInt8(ascii: "!"):
                guard let end = declaration(open) else { return .unfinished(open) }
                index = end
            case UInt8(ascii: "?"):
                guard let end = end(of: "?>", from: open + 2) else { return .unfinished(open) }
                index = end
            case UInt8(ascii: "/"):
                guard let nameEnd = nameEnd(open + 2), let close = find(0x3e, from: nameEnd) else {
                    return .unfinished(open)
                }
                return .end(open..<(close + 1), nameEnd: nameEnd)
            case let byte where byte.isLetter || byte == 0x5f || byte >= 0x80:
                guard let nameEnd = nameEnd(open + 1), let close = tagEnd(nameEnd) else { return .unfinished(open) }
                return .start(open..<(close + 1), nameEnd: nameEnd, isEmpty: bytes[close - 1] == UInt8(ascii: "/"))
            default: index = open + 1
            }
        }
        return .unfinished(bytes.count)
    }

    private func find(_ byte: Int32, from index: Int) -> Int? {
        guard index < bytes.count, let found = memchr(bytes.baseAddress! + index, byte, bytes.count - index) else {
            return nil
        }
        return found - UnsafeMutableRawPointer(mutating: bytes.baseAddress!)
    }

    /// The index behind the first `text`.
    private func end(of text: StaticString, from index: Int) -> Int? {
        let length = text.utf8CodeUnitCount
        var start = index
        while let place = find(Int32(text.utf8Start.pointee), from: start) {
            guard place + length <= bytes.count else { return nil }
            if memcmp(bytes.baseAddress! + place, text.utf8Start, length) == 0 { return place + length }
            start = place + 1
        }
        return nil
    }

    private func starts(_ index: Int, with text: StaticString) -> Bool {
        index + text.utf8CodeUnitCount <= bytes.count
            && memcmp(bytes.baseAddress! + index, text.utf8Start, text.utf8CodeUnitCount) == 0
    }

    /// The index behind a comment, a CDATA section or a doctype.
    private func declaration(_ open: Int) -> Int? {
        // Enough to tell which it is.
        guard open + 9 <= bytes.count || isAtEnd else { return nil }
        if starts(open, with: "<!--") { return end(of: "-->", from: open + 4) }
        if starts(open, with: "<![CDATA[") { return end(of: "]]>", from: open + 9) }
        return bytes[open...].endOfDoctype()
    }

    private func nameEnd(_ index: Int) -> Int? {
        var index = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte <= 0x20 || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") { return index }
            index += 1
        }
        return nil
    }

    /// The index of the `>` that ends a tag, past values in quotes.
    private func tagEnd(_ index: Int) -> Int? {
        var quote: UInt8 = 0
        for index in index..<bytes.count {
            let byte = bytes[index]
            if quote != 0 {
                if byte == quote { quote = 0 }
                // No value has one: the quote was none, or the tag does not end.
                if byte == UInt8(ascii: "<") { return index - 1 }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return index
            } else if byte == UInt8(ascii: "<") {
                return index - 1
            }
        }
        return nil
    }
}
