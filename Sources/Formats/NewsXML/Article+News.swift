import Articles

extension Article {
    /// How many names, concepts or media of a kind an article has. More are no news but an attack: what is known already is
    /// looked for among them.
    private static let listLimit = 1000

    /// Notes that something is doubtful, once.
    mutating func warn(_ warning: String) {
        if !ingest.warnings.contains(warning) { ingest.warnings.append(warning) }
    }

    /// Adds a text to a list that does not have it yet.
    mutating func add(_ text: String, to field: WritableKeyPath<Article, [String]>) {
        addNew(text, to: field) { $0 == text }
    }

    /// Adds a concept to a list that does not have it yet.
    mutating func add(_ concept: Concept, to field: WritableKeyPath<Article, [Concept]>) {
        addNew(concept, to: field) { $0 == concept }
    }

    /// Adds a medium whose address is not among the others'.
    mutating func add(_ medium: Media) { addNew(medium, to: \.media) { $0.href == medium.href } }

    private mutating func addNew<Value>(
        _ value: Value, to field: WritableKeyPath<Article, [Value]>, isSame: (Value) -> Bool
    ) {
        guard self[keyPath: field].count < Article.listLimit else { return warn("list_cut") }
        if !self[keyPath: field].contains(where: isSame) { self[keyPath: field].append(value) }
    }
}
