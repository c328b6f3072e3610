import Articles

/// A saved search as it is read: what it asks, in the numbers of tokens. ``StandingQueries`` holds it against articles.
indirect enum StandingQuery {
    /// Tokens that must follow each other in one column.
    struct Phrase {
        /// A token that may stand at a position.
        struct Form {
            var number: UInt32
            /// The languages whose articles it is looked for in, a bit each: a stem is one of its language only.
            var languages: UInt32
        }

        var positions: [[Form]]
        /// The only column; nil for any.
        var column: Int?
    }

    case phrase(Phrase)
    case filter(SearchQuery.Filter)
    case all([StandingQuery])
    case any([StandingQuery])
    case not(StandingQuery)

    /// What must stand in whatever meets it: of each set of tokens at least one, the rarest set first. Of a choice only one
    /// set is known, and none where any article may meet it.
    func needs(_ tokens: WatchedTokens) -> [[UInt32]] {
        switch self {
        case .phrase(let phrase):
            return phrase.positions.map { $0.map(\.number) }.sorted { tokens.isCommoner($1, $0) }
        case .filter, .not: return []
        case .all(let parts):
            return parts.flatMap { $0.needs(tokens) }.sorted { tokens.isCommoner($1, $0) }
        case .any(let parts):
            var all: [UInt32] = []
            for part in parts {
                guard let own = part.needs(tokens).first else { return [] }
                all += own
            }
            return [all]
        }
    }
}
