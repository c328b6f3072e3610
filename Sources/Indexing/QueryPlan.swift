/// What a query means for the index: a MATCH expression, filters over documents, and what to mark in a snippet.
///
/// Nothing of the query's text goes into the expression but letters and digits that the scanner found.
struct QueryPlan {
    /// A phrase of the MATCH expression, in the order of FTS5's numbers.
    struct Phrase {
        /// Its text in the expression: equal keys have equal counts.
        let key: String
        /// Its occurrences speak for an article; those of an excluded phrase do not.
        let counts: Bool
    }

    /// The expression of what must be found; nil where nothing must.
    private(set) var match: String?
    /// The expression of what must not be found, where ``match`` could not say it because it is nil.
    private(set) var excluded: String?
    /// Any phrase alone is enough: then each can be read by itself, which is much faster than FTS5's merge.
    private(set) var isDisjunction = false
    private(set) var phrases: [Phrase] = []
    /// All of them must hold.
    private(set) var filters: [SearchQuery.Node] = []
    private(set) var patterns: [MarkPattern] = []

    private let reader: TermReader

    init(_ query: SearchQuery, reader: TermReader) throws(SearchSyntaxError) {
        self.reader = reader
        var wanted: [SearchQuery.Node] = []
        var unwanted: [SearchQuery.Node] = []
        let parts: [SearchQuery.Node] =
            if case .all(let parts, _) = query.root { parts } else { [query.root] }
        for part in parts {
            switch try QueryPlan.content(of: part) {
            case .filters: filters.append(part)
            case .text:
                if case .not(let inner, _) = part { unwanted.append(inner) } else { wanted.append(part) }
            }
        }
        if wanted.isEmpty {
            if !unwanted.isEmpty { excluded = try render(anyOf: unwanted, counts: false) }
            phrases = []
            return
        }
        isDisjunction = unwanted.isEmpty && wanted.count == 1 && QueryPlan.isDisjunction(wanted[0])
        var parts2: [String] = []
        for node in wanted { parts2.append(try render(node, counts: true)) }
        var expression = parts2.joined(separator: " AND ")
        if !unwanted.isEmpty { expression = "(\(expression)) NOT \(try render(anyOf: unwanted, counts: false))" }
        match = expression
    }

    // MARK: Kinds of nodes

    private enum Content { case text, filters }

    /// Filters narrow the whole answer: beside words within OR they would have to be asked of every document.
    private static func content(of node: SearchQuery.Node) throws(SearchSyntaxError) -> Content {
        switch node {
        case .term: return .text
        case .filter: return .filters
        case .not(let inner, _): return try content(of: inner)
        case .all(let parts, _), .any(let parts, _):
            var found: Content?
            for part in parts {
                let kind = try content(of: part)
                if let found, found != kind {
                    throw SearchSyntaxError(
                        offset: part.offset,
                        problem: "a filter and a word stand side by side within OR, NOT or parentheses",
                        expected: "filters beside the whole query, for example (a OR b) source:c")
                }
                found = kind
            }
            return found ?? .text
        }
    }

    private static func isDisjunction(_ node: SearchQuery.Node) -> Bool {
        switch node {
        case .term: true
        case .any(let parts, _): parts.allSatisfy(isDisjunction)
        default: false
        }
    }

    // MARK: The expression

    private mutating func render(anyOf nodes: [SearchQuery.Node], counts: Bool) throws(SearchSyntaxError) -> String {
        var parts: [String] = []
        for node in nodes { parts.append(try render(node, counts: counts)) }
        return "(\(parts.joined(separator: " OR ")))"
    }

    private mutating func render(_ node: SearchQuery.Node, counts: Bool) throws(SearchSyntaxError) -> String {
        switch node {
        case .term(let term, _): return render(term, counts: counts)
        case .any(let parts, _): return try render(anyOf: parts, counts: counts)
        case .all(let parts, let offset):
            var wanted: [String] = []
            var unwanted: [SearchQuery.Node] = []
            for part in parts {
                if case .not(let inner, _) = part {
                    unwanted.append(inner)
                } else {
                    wanted.append(try render(part, counts: counts))
                }
            }
            guard !wanted.isEmpty else { throw QueryPlan.exclusionAlone(offset) }
            let expression = "(\(wanted.joined(separator: " AND ")))"
            return unwanted.isEmpty ? expression : "(\(expression) NOT \(try render(anyOf: unwanted, counts: false)))"
        case .not(_, let offset): throw QueryPlan.exclusionAlone(offset)
        case .filter(_, let offset):
            throw SearchSyntaxError(offset: offset, problem: "a filter stands among words", expected: "a word")
        }
    }

    private static func exclusionAlone(_ offset: Int) -> SearchSyntaxError {
        SearchSyntaxError(
            offset: offset, problem: "NOT stands within OR or parentheses with nothing to exclude from",
            expected: "a word beside it")
    }

    private mutating func render(_ term: SearchQuery.Term, counts: Bool) -> String {
        let read = reader.read(term)
        let column = term.field.map { "{\(IndexSchema.columns[$0.column])} : " } ?? ""
        let text = "\(column)\"\(ArticleTokenizer.encode(read.positions))\"\(read.isPrefix ? " *" : "")"
        phrases.append(Phrase(key: text, counts: counts))
        if counts { patterns.append(MarkPattern(read, field: term.field)) }
        return text
    }
}
