/// Where the front matter of a text stands: between a line of `---`, `+++` or `;;;` at its beginning and the next such line.
///
/// The mark is that of YAML, TOML and JSON, unless another of them is named behind the first: `---json`.
struct FrontMatter {
    /// What a text begins with.
    enum Finding {
        /// No front matter.
        case none
        /// Front matter whose end is not there.
        case open
        /// Front matter in a language that is not read, such as a script.
        case unknown(label: String)
        case found(FrontMatter)
    }

    let syntax: FrontMatterSyntax
    /// What stands between the fences.
    let content: Range<Int>
    /// Where the text behind it begins.
    let end: Int

    /// More is no front matter.
    static let maximumBytes = 256 << 10

    /// Looks at the beginning of a text; LF, CRLF and CR end a line.
    static func find(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Finding {
        guard let mark = start < bytes.count ? bytes[start] : nil, let usual = syntaxes[mark] else { return .none }
        let first = line(bytes, from: start)
        guard first.count >= 3, first.prefix(3).allSatisfy({ $0 == mark }) else { return .none }
        let label = String(decoding: first.dropFirst(3).trimmed(), as: UTF8.self)
        guard label.isEmpty || isLabel(label) else { return .none }
        let from = nextLine(bytes, behind: first.endIndex)
        let syntax = label.isEmpty ? usual : FrontMatterSyntax(label: label)
        guard let content = content(bytes, from: from, mark: mark, syntax) else { return .none }
        guard let syntax else { return content.isClosed ? .unknown(label: label) : .none }
        guard content.isClosed else { return .open }
        return .found(FrontMatter(syntax: syntax, content: from..<content.end, end: content.next))
    }

    private static let syntaxes: [UInt8: FrontMatterSyntax] = [
        UInt8(ascii: "-"): .yaml, UInt8(ascii: "+"): .toml, UInt8(ascii: ";"): .json,
    ]

    private static func isLabel(_ label: String) -> Bool {
        label.utf8.count <= 20 && label.utf8.allSatisfy { $0.isLetter }
    }

    /// Returns where the content ends; nil where it is none, since it does not begin as front matter does.
    private static func content(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, mark: UInt8, _ syntax: FrontMatterSyntax?
    ) -> (end: Int, next: Int, isClosed: Bool)? {
        var place = start
        var isBegun = false
        while place < bytes.count, place - start <= maximumBytes {
            let line = line(bytes, from: place)
            let trimmed = line.trimmed()
            let next = nextLine(bytes, behind: line.endIndex)
            if isFence(line, mark, syntax) { return (place, next, true) }
            if !isBegun, !trimmed.isEmpty, trimmed.first != UInt8(ascii: "#") {
                // What is cut in its first line may become front matter.
                guard begins(trimmed, syntax) || next == bytes.count && line.endIndex == bytes.count else { return nil }
                isBegun = true
            }
            place = next
        }
        return (bytes.count, bytes.count, false)
    }

    private static func isFence(
        _ line: Slice<UnsafeBufferPointer<UInt8>>, _ mark: UInt8, _ syntax: FrontMatterSyntax?
    ) -> Bool {
        // Not one that is indented: it is a part of a text in it.
        let text = line.prefix { !$0.isSpace }
        guard text.count == 3, line[text.endIndex...].allSatisfy(\.isSpace) else { return false }
        return text.allSatisfy { $0 == mark } || syntax == .yaml && text.allSatisfy { $0 == UInt8(ascii: ".") }
    }

    /// Whether a line may be the first of front matter: a text between two rules is none.
    private static func begins(_ line: Slice<UnsafeBufferPointer<UInt8>>, _ syntax: FrontMatterSyntax?) -> Bool {
        switch syntax {
        case .json: return line.first == UInt8(ascii: "{")
        case .toml: return line.first == UInt8(ascii: "[") || line.contains(UInt8(ascii: "="))
        case .yaml:
            if let first = line.first, [UInt8(ascii: "{"), UInt8(ascii: "?"), UInt8(ascii: "%")].contains(first) {
                return true
            }
            let name = line.prefix(100).prefix { $0 != UInt8(ascii: ":") }
            guard name.endIndex < line.endIndex, line[name.endIndex] == UInt8(ascii: ":"), !name.isEmpty else {
                return false
            }
            let next = name.endIndex + 1
            return next == line.endIndex || line[next].isSpace
        case nil: return true
        }
    }

    // MARK: Lines

    private static func line(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Slice<UnsafeBufferPointer<UInt8>> {
        bytes[start...].prefix { $0 != 0x0a && $0 != 0x0d }
    }

    private static func nextLine(_ bytes: UnsafeBufferPointer<UInt8>, behind end: Int) -> Int {
        guard end < bytes.count else { return end }
        return bytes[end] == 0x0d && end + 1 < bytes.count && bytes[end + 1] == 0x0a ? end + 2 : end + 1
    }
}
