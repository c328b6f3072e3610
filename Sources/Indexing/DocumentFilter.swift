import Articles

/// A filter over documents by number, with the names of sources, sections and languages looked up beforehand.
indirect enum DocumentFilter {
    case source(Set<UInt32>)
    case section(Set<UInt32>)
    case language(Set<UInt32>)
    /// The number of a story that has several articles.
    case story(UInt32)
    case documents(Set<Int>)
    case after(Int64)
    case before(Int64)
    case all([DocumentFilter])
    case any([DocumentFilter])
    case not(DocumentFilter)

    /// Makes the filter of nodes that hold filters only; all of them must hold.
    ///
    /// - Parameter documents: returns the documents of an id.
    init(
        _ nodes: [SearchQuery.Node], _ columns: DocumentColumns, documents: (ArticleID) throws -> Set<Int>
    ) rethrows {
        self = .all(try nodes.map { try DocumentFilter($0, columns, documents) })
    }

    private init(
        _ node: SearchQuery.Node, _ columns: DocumentColumns, _ documents: (ArticleID) throws -> Set<Int>
    ) rethrows {
        switch node {
        case .filter(.source(let name), _):
            let name = name.lowercased()
            self = .source(DocumentFilter.numbers(columns) { $0.lowercased() == name })
        case .filter(.section(let name), _):
            let name = name.lowercased()
            self = .section(DocumentFilter.numbers(columns) { $0.lowercased() == name })
        case .filter(.language(let name), _):
            let name = name.lowercased()
            self = .language(
                DocumentFilter.numbers(columns) { $0.lowercased() == name || $0.lowercased().hasPrefix(name + "-") })
        case .filter(.story(let id), _):
            let story = columns.stories.story(ofID: id.description)
            self = story > 0 ? .story(story) : .documents(try documents(id))
        case .filter(.after(let moment), _): self = .after(moment.milliseconds)
        case .filter(.before(let moment), _): self = .before(moment.milliseconds)
        case .all(let parts, _): self = .all(try parts.map { try DocumentFilter($0, columns, documents) })
        case .any(let parts, _): self = .any(try parts.map { try DocumentFilter($0, columns, documents) })
        case .not(let inner, _): self = .not(try DocumentFilter(inner, columns, documents))
        case .term: self = .all([])
        }
    }

    /// All names share one numbering, so that one of another kind does no harm.
    private static func numbers(_ columns: DocumentColumns, _ matches: (String) -> Bool) -> Set<UInt32> {
        Set(columns.names.filter { matches($0.value) }.map { UInt32(clamping: $0.key) })
    }

    /// The languages that can pass, nil where the filter does not say.
    var languages: Set<UInt32>? {
        switch self {
        case .language(let numbers): numbers
        case .all(let parts): parts.lazy.compactMap(\.languages).first
        default: nil
        }
    }

    func passes(_ number: Int, _ columns: borrowing DocumentColumns) -> Bool {
        switch self {
        case .source(let numbers): numbers.contains(columns.sources[number])
        case .section(let numbers): numbers.contains(columns.sections[number])
        case .language(let numbers): numbers.contains(columns.languages[number])
        case .story(let story): columns.stories.stories[number] == story
        case .documents(let numbers): numbers.contains(number)
        case .after(let moment): columns.dates[number] >= moment
        case .before(let moment): columns.dates[number] < moment
        case .all(let parts): parts.allSatisfy { $0.passes(number, columns) }
        case .any(let parts): parts.contains { $0.passes(number, columns) }
        case .not(let inner): !inner.passes(number, columns)
        }
    }
}
