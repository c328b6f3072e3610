import Articles

/// Saved searches, ready to be held against articles: their trees in a few lists, since a tree of objects costs more to
/// walk than what is asked of it.
struct StandingQueries {
    /// An article as conditions see it.
    struct Subject {
        let tokens: WatchedTokens
        /// The bit of its language.
        let language: UInt32
        let languageTag: String
        let source: String
        let section: String?
        /// When it was published, or came: milliseconds since 1970.
        let date: Int64
    }

    private enum Kind { case phrase, filter, all, any, not }

    private struct Node {
        var kind: Kind
        /// Where its parts stand, one behind the other: nodes, or the positions of a phrase; or its filter.
        var first = 0
        var count = 0
        /// The only column of a phrase; -1 for any.
        var column = -1
    }

    private var nodes: [Node] = []
    /// Which of ``forms`` may stand at a position of a phrase.
    private var positions: [Range<Int>] = []
    private var forms: [StandingQuery.Phrase.Form] = []
    private var filters: [SearchQuery.Filter] = []

    /// Adds a search; returns the number that it is asked for by.
    mutating func add(_ query: StandingQuery) -> Int {
        nodes.append(Node(kind: .all))
        let root = nodes.count - 1
        write(query, at: root)
        return root
    }

    private mutating func write(_ query: StandingQuery, at node: Int) {
        switch query {
        case .phrase(let phrase):
            nodes[node] = Node(
                kind: .phrase, first: positions.count, count: phrase.positions.count, column: phrase.column ?? -1)
            for position in phrase.positions {
                positions.append(forms.count..<forms.count + position.count)
                forms += position
            }
        case .filter(let filter):
            nodes[node] = Node(kind: .filter, first: filters.count)
            filters.append(filter.lowercased)
        case .all(let parts): write(parts, .all, at: node)
        case .any(let parts): write(parts, .any, at: node)
        case .not(let inner): write([inner], .not, at: node)
        }
    }

    private mutating func write(_ parts: [StandingQuery], _ kind: Kind, at node: Int) {
        let first = nodes.count
        nodes[node] = Node(kind: kind, first: first, count: parts.count)
        nodes += Array(repeating: Node(kind: kind), count: parts.count)
        for (index, part) in parts.enumerated() { write(part, at: first + index) }
    }

    // MARK: Asking

    /// Whether an article meets the search of a number.
    func matches(_ number: Int, _ subject: borrowing Subject) -> Bool {
        let node = nodes[number]
        switch node.kind {
        case .phrase: return stands(node, in: subject)
        case .filter: return passes(filters[node.first], subject)
        case .all:
            for part in node.first..<node.first + node.count where !matches(part, subject) { return false }
            return true
        case .any:
            for part in node.first..<node.first + node.count where matches(part, subject) { return true }
            return false
        case .not: return !matches(node.first, subject)
        }
    }

    private func passes(_ filter: SearchQuery.Filter, _ subject: borrowing Subject) -> Bool {
        switch filter {
        case .source(let name): subject.source == name
        case .section(let name): subject.section == name
        // ``Percolator/check(_:)`` lets none through.
        case .story: false
        case .language(let name): subject.languageTag == name || subject.languageTag.hasPrefix(name + "-")
        case .after(let moment): subject.date >= moment.milliseconds
        case .before(let moment): subject.date < moment.milliseconds
        }
    }

    /// Whether a phrase's tokens stand one behind the other somewhere in an article.
    private func stands(_ phrase: Node, in subject: borrowing Subject) -> Bool {
        guard phrase.count > 0 else { return false }
        for form in positions[phrase.first] where forms[form].languages & subject.language != 0 {
            for index in subject.tokens.places(of: forms[form].number) {
                let place = subject.tokens.places[index]
                if phrase.column >= 0, WatchedTokens.column(place) != phrase.column { continue }
                if continues(phrase, from: place, in: subject) { return true }
            }
        }
        return false
    }

    private func continues(_ phrase: Node, from place: UInt32, in subject: borrowing Subject) -> Bool {
        for offset in 1..<max(1, phrase.count) {
            let wanted = place + UInt32(offset)
            var stands = false
            for form in positions[phrase.first + offset] where forms[form].languages & subject.language != 0 {
                if subject.tokens.stands(forms[form].number, at: wanted) {
                    stands = true
                    break
                }
            }
            guard stands else { return false }
        }
        return true
    }
}

extension SearchQuery.Filter {
    /// With its name in lower case, as names are compared.
    fileprivate var lowercased: SearchQuery.Filter {
        switch self {
        case .source(let name): .source(name.lowercased())
        case .section(let name): .section(name.lowercased())
        case .language(let name): .language(name.lowercased())
        case .story, .after, .before: self
        }
    }
}
