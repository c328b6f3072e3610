/// Reads the text of a ``Glob``.
struct GlobParser {
    private var rest: Substring.UnicodeScalarView
    private var read: [Glob.Token] = []
    /// Whether the next character begins a name.
    private var isAtPart = true
    /// What is wrong, after ``tokens()`` gave none.
    private(set) var problem = "is empty"

    init(_ text: String) {
        var text = Substring(text)
        // "/a.txt" is the path "a.txt", and "drafts/" is what lies below.
        if text.hasPrefix("/") { text = text.dropFirst() }
        rest = (text.hasSuffix("/") ? Substring(text + "**") : text).unicodeScalars
    }

    /// Returns the parts of the pattern; nil where there is something wrong with it.
    mutating func tokens() -> [Glob.Token]? {
        guard !rest.isEmpty else { return nil }
        while let character = rest.popFirst() {
            let wasAtPart = isAtPart
            isAtPart = character == "/"
            switch character {
            case "?": read.append(.character)
            case "*": star(wasAtPart: wasAtPart)
            case "[":
                problem = "has a [ that nothing closes; put a \\ before it where it means itself"
                guard let set = set() else { return nil }
                read.append(.set(set))
            case "\\":
                guard let literal = rest.popFirst() else {
                    problem = "ends with a \\ that stands before nothing"
                    return nil
                }
                append(literal)
            default: append(character)
            }
        }
        return read
    }

    private mutating func append(_ character: Unicode.Scalar) {
        read.append(contentsOf: UTF8.encode(character)!.map { .byte($0) })
    }

    private mutating func star(wasAtPart: Bool) {
        var count = 1
        while rest.first == "*" {
            rest.removeFirst()
            count += 1
        }
        // Two stars are more than one only where they are a whole name.
        if count == 2, wasAtPart, rest.isEmpty {
            read.append(.rest)
        } else if count == 2, wasAtPart, rest.first == "/" {
            rest.removeFirst()
            isAtPart = true
            // Any number of directories twice is any number of them.
            if read.last != .parts { read.append(.parts) }
        } else {
            read.append(.run)
        }
    }

    /// Reads a set behind its bracket; a `]` that comes first, and a `-` at an end, mean themselves.
    private mutating func set() -> Glob.CharacterSet? {
        var set = Glob.CharacterSet()
        if rest.first == "!" || rest.first == "^" {
            rest.removeFirst()
            set.isNegated = true
        }
        while let first = rest.popFirst() {
            if first == "]", !set.ranges.isEmpty { return set }
            guard let low = first == "\\" ? rest.popFirst() : first else { return nil }
            if rest.first == "-", let next = rest.dropFirst().first, next != "]" {
                rest.removeFirst(2)
                guard let high = next == "\\" ? rest.popFirst() : next else { return nil }
                guard low <= high else {
                    problem = "has the range \(low)-\(high), which is the wrong way round"
                    return nil
                }
                set.ranges.append(low.value...high.value)
            } else {
                set.ranges.append(low.value...low.value)
            }
        }
        return nil
    }
}
