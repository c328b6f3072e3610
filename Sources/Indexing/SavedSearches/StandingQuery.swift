import Articles

/// A saved search, ready to be held against articles.
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

    /// Whether an article meets it.
    func matches(_ subject: Subject) -> Bool {
        switch self {
        case .phrase(let phrase): phrase.stands(in: subject)
        case .filter(.source(let name)): subject.source == name.lowercased()
        case .filter(.section(let name)): subject.section == name.lowercased()
        // ``Percolator/check(_:)`` lets none through.
        case .filter(.story): false
        case .filter(.language(let name)):
            subject.languageTag == name.lowercased() || subject.languageTag.hasPrefix(name.lowercased() + "-")
        case .filter(.after(let moment)): subject.date >= moment.milliseconds
        case .filter(.before(let moment)): subject.date < moment.milliseconds
        case .all(let parts): parts.allSatisfy { $0.matches(subject) }
        case .any(let parts): parts.contains { $0.matches(subject) }
        case .not(let inner): !inner.matches(subject)
        }
    }

    /// Tokens of which at least one stands in whatever meets it; nil where there are none. Of several choices the rarest is
    /// taken.
    func triggers(_ tokens: WatchedTokens) -> [UInt32]? {
        switch self {
        case .phrase(let phrase):
            return phrase.positions.map { $0.map(\.number) }.max { tokens.isCommoner($0, $1) }
        case .filter, .not: return nil
        case .all(let parts):
            return parts.compactMap { $0.triggers(tokens) }.max { tokens.isCommoner($0, $1) }
        case .any(let parts):
            var all: [UInt32] = []
            for part in parts {
                guard let own = part.triggers(tokens) else { return nil }
                all += own
            }
            return all
        }
    }
}

extension StandingQuery.Phrase {
    /// Whether its tokens stand one behind the other somewhere in an article.
    func stands(in subject: StandingQuery.Subject) -> Bool {
        guard let first = positions.first else { return false }
        for form in first where form.languages & subject.language != 0 {
            for place in subject.tokens.places[Int(form.number)] {
                if let column, WatchedTokens.column(place) != column { continue }
                if continues(from: place, in: subject) { return true }
            }
        }
        return false
    }

    private func continues(from place: UInt32, in subject: StandingQuery.Subject) -> Bool {
        for offset in 1..<max(1, positions.count) {
            let wanted = place + UInt32(offset)
            let stands = positions[offset].contains { form in
                form.languages & subject.language != 0 && contains(subject.tokens.places[Int(form.number)], wanted)
            }
            guard stands else { return false }
        }
        return true
    }

    /// Whether ascending places hold one.
    private func contains(_ places: [UInt32], _ wanted: UInt32) -> Bool {
        var low = 0
        var high = places.count
        while low < high {
            let middle = (low + high) / 2
            if places[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low < places.count && places[low] == wanted
    }
}
