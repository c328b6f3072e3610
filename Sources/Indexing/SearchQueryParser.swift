import Articles

/// Reads the query language by recursive descent.
struct SearchQueryParser {
    /// More than this is no question that a person asks, and would cost more than an answer is worth.
    static let maximumLength = 2000
    static let maximumTerms = 100
    static let maximumDepth = 40

    private let table = FoldTable()
    private let text: [Unicode.Scalar]
    private var index = 0
    private var depth = 0
    private var leaves = 0

    init(_ text: String) { self.text = Array(text.unicodeScalars) }

    mutating func parse() throws(SearchSyntaxError) -> SearchQuery.Node {
        guard text.count <= SearchQueryParser.maximumLength else {
            throw error("the query is too long", "at most \(SearchQueryParser.maximumLength) characters")
        }
        let node = try parseAny(field: nil)
        if peek == ")" { throw error("a parenthesis closes that was not opened", "the end of the query") }
        guard let node else { throw error("the query is empty", "a word, a phrase or a filter") }
        return node
    }

    // MARK: Structure

    private mutating func parseAny(field: SearchQuery.Field?) throws(SearchSyntaxError) -> SearchQuery.Node? {
        let start = skipSpace()
        var parts: [SearchQuery.Node] = []
        if let first = try parseAll(field: field) { parts.append(first) }
        while true {
            let place = skipSpace()
            guard takeKeyword("OR") else { break }
            guard !parts.isEmpty else { throw error("OR stands without a word before it", "a word", at: place) }
            skipSpace()
            guard let next = try parseAll(field: field) else { throw error("OR needs a word after it", "a word") }
            parts.append(next)
        }
        return parts.count > 1 ? .any(parts, offset: start) : parts.first
    }

    private mutating func parseAll(field: SearchQuery.Field?) throws(SearchSyntaxError) -> SearchQuery.Node? {
        let start = skipSpace()
        var parts: [SearchQuery.Node] = []
        while true {
            let place = skipSpace()
            guard let scalar = peek, scalar != ")", !isKeyword("OR") else { break }
            if takeKeyword("AND") {
                guard !parts.isEmpty else { throw error("AND stands without a word before it", "a word", at: place) }
                skipSpace()
                if isAtEndOfPart { throw error("AND needs a word after it", "a word") }
                continue
            }
            guard let part = try parsePart(field: field) else { continue }
            // `a b` and `(a b) c` are the same.
            if case .all(let inner, _) = part { parts += inner } else { parts.append(part) }
        }
        return parts.count > 1 ? .all(parts, offset: start) : parts.first
    }

    private var isAtEndOfPart: Bool {
        peek == nil || peek == ")" || isKeyword("OR") || isKeyword("AND")
    }

    /// Reads one operand; nil where it holds nothing to look for (a lone `&`).
    private mutating func parsePart(field: SearchQuery.Field?) throws(SearchSyntaxError) -> SearchQuery.Node? {
        let start = index
        if takeKeyword("NOT") || takeHyphen() {
            skipSpace()
            if isAtEndOfPart { throw error("NOT needs a word after it", "a word") }
            depth += 1
            defer { depth -= 1 }
            try checkDepth(start)
            guard let part = try parsePart(field: field) else { return nil }
            if case .not(let inner, _) = part { return inner }
            return .not(part, offset: start)
        }
        if peek == "(" {
            index += 1
            depth += 1
            defer { depth -= 1 }
            try checkDepth(start)
            let inner = try parseAny(field: field)
            guard peek == ")" else {
                throw error("the parenthesis at \(start) is not closed", "a closing parenthesis")
            }
            index += 1
            guard let inner else { throw error("the parentheses are empty", "a word", at: start) }
            return inner
        }
        leaves += 1
        guard leaves <= SearchQueryParser.maximumTerms else {
            throw error("there are too many words", "at most \(SearchQueryParser.maximumTerms)")
        }
        if let quote = peek, SearchQueryParser.isQuote(quote) { return try parsePhrase(field: field) }
        return try parseWord(field: field)
    }

    private func checkDepth(_ place: Int) throws(SearchSyntaxError) {
        guard depth <= SearchQueryParser.maximumDepth else {
            throw error(
                "the query is nested too deeply", "at most \(SearchQueryParser.maximumDepth) levels", at: place)
        }
    }

    // MARK: Leaves

    private mutating func parsePhrase(field: SearchQuery.Field?) throws(SearchSyntaxError) -> SearchQuery.Node? {
        let start = index
        index += 1
        while let scalar = peek, !SearchQueryParser.isQuote(scalar) { index += 1 }
        guard peek != nil else { throw error("the phrase at \(start) is not closed", "a quotation mark") }
        var term = SearchQuery.Term(text: string(start + 1..<index), field: field, isExact: true)
        index += 1
        if peek == "*" {
            index += 1
            term.isPrefix = true
        }
        return hasLetters(term.text) ? .term(term, offset: start) : nil
    }

    private mutating func parseWord(field: SearchQuery.Field?) throws(SearchSyntaxError) -> SearchQuery.Node? {
        let start = index
        while let scalar = peek, !SearchQueryParser.endsWord(scalar) {
            if scalar == ":", isField(string(start..<index)) {
                return try parseField(named: string(start..<index), at: start, inside: field)
            }
            index += 1
        }
        var word = string(start..<index)
        guard word.hasSuffix("*") else {
            return hasLetters(word) ? .term(SearchQuery.Term(text: word, field: field), offset: start) : nil
        }
        word.removeLast()
        guard hasLetters(word) else {
            throw error("a star stands alone", "the beginning of a word before the star", at: start)
        }
        // One letter of a script with an alphabet begins a tenth of all words.
        if word.unicodeScalars.count == 1, word.utf8.count < 3 {
            throw error("'\(word)*' finds too much", "at least two letters before the star", at: start)
        }
        return .term(SearchQuery.Term(text: word, field: field, isPrefix: true), offset: start)
    }

    /// Whether `name:` asks for a field: some colons are only colons (`12:30`, `http://…`).
    private func isField(_ name: String) -> Bool {
        let following = index + 1 < text.count ? text[index + 1] : " "
        return !name.isEmpty && name.utf8.allSatisfy { (0x61...0x7a).contains($0 | 0x20) } && following != "/"
    }

    /// Reads what stands after `name:`; nil where it holds nothing to look for.
    private mutating func parseField(
        named name: String, at start: Int, inside outer: SearchQuery.Field?
    ) throws(SearchSyntaxError) -> SearchQuery.Node? {
        let valueStart = index + 1
        if let field = SearchQuery.Field(rawValue: name.lowercased()) {
            if outer != nil { throw error("a field stands in a field", "a word", at: start) }
            index = valueStart
            guard let scalar = peek, !scalar.properties.isWhitespace, scalar != ")" else {
                throw error("'\(name):' has no value", "a word, a phrase or parentheses")
            }
            return try parsePart(field: field)
        }
        guard ["source", "section", "story", "lang", "language", "after", "before"].contains(name.lowercased()) else {
            throw error(
                "'\(name):' is not a field",
                "title:, byline:, keyword:, source:, section:, story:, lang:, after: or before:",
                at: start)
        }
        if outer != nil { throw error("a filter stands in a field", "a word", at: start) }
        index = valueStart
        let value = try filterValue(of: name)
        let filter: SearchQuery.Filter
        switch name.lowercased() {
        case "source": filter = .source(value)
        case "section": filter = .section(value)
        case "story":
            guard let id = ArticleID(value.lowercased()) else {
                throw error(
                    "'\(value)' is not an article's id", "the 32 hexadecimal digits of an article of the story",
                    at: valueStart)
            }
            filter = .story(id)
        case "lang", "language": filter = .language(value)
        case let bound:
            guard let moment = SearchQueryParser.moment(value) else {
                throw error("'\(value)' is not a date", "a date such as 2025-02-26", at: valueStart)
            }
            filter = bound == "after" ? .after(moment) : .before(moment)
        }
        return .filter(filter, offset: start)
    }

    private mutating func filterValue(of name: String) throws(SearchSyntaxError) -> String {
        let start = index
        var value: String
        if let quote = peek, SearchQueryParser.isQuote(quote) {
            index += 1
            while let scalar = peek, !SearchQueryParser.isQuote(scalar) { index += 1 }
            guard peek != nil else { throw error("the phrase at \(start) is not closed", "a quotation mark") }
            value = string(start + 1..<index)
            index += 1
        } else {
            while let scalar = peek, !SearchQueryParser.endsWord(scalar) { index += 1 }
            value = string(start..<index)
        }
        guard !value.isEmpty else { throw error("'\(name):' has no value", "a value", at: start) }
        return value
    }

    /// Reads a year, a month, a day or a moment; what is left out is the beginning.
    static func moment(_ text: String) -> Timestamp? {
        if let moment = Timestamp(text) { return moment }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.utf8.count <= 4 ? Int($0) : nil }
        guard numbers.count == parts.count, (1...3).contains(numbers.count), parts[0].utf8.count == 4 else {
            return nil
        }
        return Timestamp(
            year: numbers[0], month: numbers.count > 1 ? numbers[1] : 1, day: numbers.count > 2 ? numbers[2] : 1)
    }

    // MARK: Scalars

    private var peek: Unicode.Scalar? { index < text.count ? text[index] : nil }

    @discardableResult
    private mutating func skipSpace() -> Int {
        while let scalar = peek, scalar.properties.isWhitespace { index += 1 }
        return index
    }

    /// An operator is upper case and stands alone.
    private func isKeyword(_ keyword: String) -> Bool {
        let scalars = Array(keyword.unicodeScalars)
        let end = index + scalars.count
        guard end <= text.count, text[index..<end].elementsEqual(scalars) else { return false }
        return end == text.count || SearchQueryParser.endsWord(text[end])
    }

    private mutating func takeKeyword(_ keyword: String) -> Bool {
        guard isKeyword(keyword) else { return false }
        index += keyword.unicodeScalars.count
        return true
    }

    /// A hyphen excludes where a word begins right after it.
    private mutating func takeHyphen() -> Bool {
        guard peek == "-", index + 1 < text.count else { return false }
        let next = text[index + 1]
        let isDigit = next.properties.numericType != nil
        guard next == "(" || SearchQueryParser.isQuote(next) || next.properties.isAlphabetic || isDigit else {
            return false
        }
        index += 1
        return true
    }

    private static func isQuote(_ scalar: Unicode.Scalar) -> Bool {
        ["\"", "\u{201c}", "\u{201d}", "\u{201e}", "\u{ab}", "\u{bb}"].contains(scalar)
    }

    private static func endsWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "(" || scalar == ")" || isQuote(scalar) || scalar.properties.isWhitespace
    }

    private func string(_ range: Range<Int>) -> String {
        var result = String.UnicodeScalarView()
        result.append(contentsOf: text[range])
        return String(result)
    }

    private func hasLetters(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var scanner = WordScanner(table: table)
            while scanner.next(in: bytes.span) {
                if scanner.wordCount > 0 { return true }
            }
            return false
        }
    }

    private func error(_ problem: String, _ expected: String, at offset: Int? = nil) -> SearchSyntaxError {
        SearchSyntaxError(offset: offset ?? index, problem: problem, expected: expected)
    }
}
