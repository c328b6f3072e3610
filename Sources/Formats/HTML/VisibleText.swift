/// Text of attributes and JSON made fit to be shown.
enum VisibleText {
    /// Returns text on one line without space around it; entities that were encoded twice are resolved.
    static func clean(_ text: String) -> String {
        var text = text
        if text.withUTF8({ isClean($0) }) { return text }
        let plain = onOneLine(text)
        return plain.utf8.contains(UInt8(ascii: "&")) ? resolvingEntities(plain) : plain
    }

    /// Returns whether cleaning would change nothing: printable ASCII with single spaces between its words, as most is.
    private static func isClean(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var previous = UInt8(ascii: " ")
        for byte in bytes {
            guard (0x20..<0x7f).contains(byte), byte != UInt8(ascii: "&"), byte != 0x20 || previous != 0x20 else {
                return false
            }
            previous = byte
        }
        return bytes.isEmpty || previous != 0x20
    }

    private static func onOneLine(_ text: String) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count)
        var isSpaceDue = false
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0...0x20, 0x7f...0xa0, 0x2028, 0x2029: isSpaceDue = !output.isEmpty
            case 0xad, 0x200b, 0xfeff, 0x2060: break
            default:
                if isSpaceDue { output.append(0x20) }
                isSpaceDue = false
                output.append(contentsOf: UTF8.encode(scalar)!)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Returns text without tags, its entities resolved.
    static func withoutMarkup(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "<")) else { return clean(text) }
        var text = text
        let output = text.withUTF8 { withoutTags($0) }
        return clean(String(decoding: output, as: UTF8.self))
    }

    private static func withoutTags(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var rest = bytes[...]
        var hasClose = true
        while let open = rest.firstIndex(of: UInt8(ascii: "<")) {
            output += rest[..<open]
            rest = rest[(open + 1)...]
            let isTag = rest.first.map { $0.isLetter || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "!") } ?? false
            // Where no tag ends behind one place, none does behind a later one.
            let close = isTag && hasClose ? rest.firstIndex(of: UInt8(ascii: ">")) : nil
            if isTag, close == nil { hasClose = false }
            guard let close else {
                output.append(UInt8(ascii: "<"))
                continue
            }
            // What stands out within a line is not parted from what is beside it.
            let name = rest[..<close].drop { $0 == UInt8(ascii: "/") }.prefix { $0.isLetter || $0.isDigit }
            if !inline.contains(String(decoding: name, as: UTF8.self).lowercased()) { output.append(0x20) }
            rest = rest[(close + 1)...]
        }
        return output + rest
    }

    private static let inline: Set<String> = [
        "a", "abbr", "b", "cite", "em", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u",
    ]

    /// Returns text with its entities resolved once.
    static func resolvingEntities(_ text: String) -> String {
        var output = ""
        var rest = text[...]
        while let mark = rest.firstIndex(of: "&") {
            output += rest[..<mark]
            let body = rest[rest.index(after: mark)...].prefix(10)
            guard let end = body.firstIndex(of: ";"), let value = entity(body[..<end]) else {
                output.append("&")
                rest = rest[rest.index(after: mark)...]
                continue
            }
            output += value
            rest = rest[rest.index(after: end)...]
        }
        return output + rest
    }

    private static func entity(_ name: Substring) -> String? {
        guard name.first == "#" else {
            switch name {
            case "apos": return "'"
            case "nbsp": return " "
            case "shy": return ""
            default: return HTMLEntities.character(String(name)).map(String.init)
            }
        }
        let digits = name.dropFirst()
        let value = digits.first == "x" || digits.first == "X" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return value.flatMap { Unicode.Scalar($0) }.flatMap { $0.value >= 0x20 ? String($0) : nil }
    }
}
