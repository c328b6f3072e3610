import Glibc

/// Makes the tags of a document fit together that a parser stopped at: values get quotes, end tags that close nothing are
/// left out, and elements that are not closed end with what is around them.
///
/// It takes what ``XMLRepair`` gives.
struct XMLTagRepair {
    private let source: UnsafeBufferPointer<UInt8>
    private var bytes: [UInt8] = []
    /// The names of the elements that are open.
    private var open: [ArraySlice<UInt8>] = []
    private static let depthLimit = 250

    static func repair(_ document: [UInt8]) -> [UInt8] {
        document.withUnsafeBufferPointer { source in
            var repair = XMLTagRepair(source)
            repair.run()
            return repair.bytes
        }
    }

    private init(_ source: UnsafeBufferPointer<UInt8>) {
        self.source = source
        bytes.reserveCapacity(source.count + source.count / 16 + 64)
    }

    private mutating func run() {
        var index = 0
        while index < source.count {
            guard let found = memchr(source.baseAddress! + index, 0x3c, source.count - index) else { break }
            let place = found - UnsafeMutableRawPointer(mutating: source.baseAddress!)
            bytes.append(contentsOf: source[index..<place])
            index = tag(place)
        }
        bytes.append(contentsOf: source[index...])
        while !open.isEmpty { close() }
    }

    private func isNameStart(_ index: Int) -> Bool {
        index < source.count && (source[index].isLetter || source[index] == 0x5f || source[index] >= 0x80)
    }

    private func nameEnd(_ index: Int) -> Int {
        var end = index
        while end < source.count,
            source[end].isLetter || source[end].isDigit || source[end] >= 0x80
                || [0x2d, 0x2e, 0x5f, 0x3a].contains(source[end])
        {
            end += 1
        }
        return end
    }

    private mutating func tag(_ place: Int) -> Int {
        if place + 8 < source.count, memcmp(source.baseAddress! + place, "<![CDATA[", 9) == 0 { return section(place) }
        if place + 1 < source.count, source[place + 1] == UInt8(ascii: "/"), isNameStart(place + 2) {
            return endTag(place)
        }
        guard isNameStart(place + 1) else {
            bytes.append(contentsOf: "&lt;".utf8)
            return place + 1
        }
        return startTag(place)
    }

    private mutating func section(_ place: Int) -> Int {
        var index = place + 9
        while index + 2 < source.count {
            if source[index] == 0x5d, source[index + 1] == 0x5d, source[index + 2] == 0x3e {
                bytes.append(contentsOf: source[place..<(index + 3)])
                return index + 3
            }
            index += 1
        }
        // It does not end: what is in it stays text.
        bytes.append(contentsOf: source[place...])
        bytes.append(contentsOf: "]]>".utf8)
        return source.count
    }

    private mutating func endTag(_ place: Int) -> Int {
        let end = nameEnd(place + 2)
        let name = Array(source[(place + 2)..<end])
        var next = end
        while next < source.count, source[next] != UInt8(ascii: ">"), source[next] != UInt8(ascii: "<") { next += 1 }
        if next < source.count, source[next] == UInt8(ascii: ">") { next += 1 }
        if let match = open.lastIndex(where: { $0.elementsEqual(name) }) {
            while open.count > match { close() }
        }
        return next
    }

    private mutating func close() {
        guard let name = open.popLast() else { return }
        bytes.append(contentsOf: "</".utf8)
        bytes.append(contentsOf: name)
        bytes.append(UInt8(ascii: ">"))
    }

    private mutating func startTag(_ place: Int) -> Int {
        var index = nameEnd(place + 1)
        let name = Array(source[(place + 1)..<index])
        bytes.append(contentsOf: source[place..<index])
        var seen: Set<[UInt8]> = []
        while index < source.count {
            while index < source.count, source[index].isSpace { index += 1 }
            guard index < source.count, source[index] != UInt8(ascii: "<") else { break }
            if source[index] == UInt8(ascii: ">") {
                index += 1
                break
            }
            if source[index] == UInt8(ascii: "/"), index + 1 < source.count, source[index + 1] == UInt8(ascii: ">") {
                bytes.append(contentsOf: "/>".utf8)
                return index + 2
            }
            guard isNameStart(index) else {
                index += 1
                continue
            }
            index = attribute(index, &seen)
        }
        if open.count >= XMLTagRepair.depthLimit {
            bytes.append(contentsOf: "/>".utf8)
        } else {
            bytes.append(UInt8(ascii: ">"))
            open.append(name[...])
        }
        return index
    }

    private mutating func attribute(_ place: Int, _ seen: inout Set<[UInt8]>) -> Int {
        var index = nameEnd(place)
        let name = Array(source[place..<index])
        while index < source.count, source[index].isSpace { index += 1 }
        var value = index..<index
        if index < source.count, source[index] == UInt8(ascii: "=") {
            index += 1
            while index < source.count, source[index].isSpace { index += 1 }
            if index < source.count, source[index] == 0x22 || source[index] == 0x27 {
                let quote = source[index]
                let end = source[(index + 1)...].firstIndex(of: quote) ?? source.count
                value = (index + 1)..<end
                index = min(source.count, end + 1)
            } else {
                let end = source[index...].firstIndex { $0.isSpace || $0 == UInt8(ascii: ">") } ?? source.count
                value = index..<end
                index = end
            }
        }
        guard seen.insert(name).inserted else { return index }
        bytes.append(0x20)
        bytes.append(contentsOf: name)
        bytes.append(contentsOf: "=\"".utf8)
        for byte in source[value] {
            switch byte {
            case UInt8(ascii: "<"): bytes.append(contentsOf: "&lt;".utf8)
            case 0x22: bytes.append(contentsOf: "&quot;".utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
        return index
    }
}
