/// Text of attributes and JSON made fit to be shown.
enum VisibleText {
    /// Returns text on one line without space around it; entities that were encoded twice are resolved.
    static func clean(_ text: String) -> String {
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
        let plain = String(decoding: output, as: UTF8.self)
        return plain.contains("&") ? resolvingEntities(plain) : plain
    }

    /// Returns text without tags, its entities resolved.
    static func withoutMarkup(_ text: String) -> String {
        guard text.contains("<") else { return clean(text) }
        var output = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "<") {
            output += rest[..<open]
            let next = rest.index(after: open)
            let looksLikeTag = next < rest.endIndex && (rest[next].isLetter || rest[next] == "/" || rest[next] == "!")
            guard looksLikeTag, let close = rest[open...].firstIndex(of: ">") else {
                output.append("<")
                rest = rest[next...]
                continue
            }
            // What stands out within a line is not parted from what is beside it.
            let name = rest[next..<close].drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }
            if !inline.contains(name.lowercased()) { output.append(" ") }
            rest = rest[rest.index(after: close)...]
        }
        return clean(output + rest)
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
