package import Articles
import Stemming

/// Holds articles against many saved searches at once: searches turned round.
///
/// An article is read once, for the tokens that any search looks for. Of each search a few tokens are chosen of which one
/// must be there whatever else is asked; only searches whose tokens were met are held against the article. It finds what
/// ``ArticleSearcher`` would find of the article, with its words in the forms of its own language.
package final class Percolator {
    private struct Entry {
        let name: String
        let query: StandingQuery
    }

    private struct Trigger {
        let search: UInt32
        /// Another token that must be there, which most searches fail by; the one that triggers where there is none.
        let companion: UInt32
    }

    private struct State {
        /// Its number among ``queries``.
        let number: Int
        /// The article that it was held against last.
        var seen: UInt64 = 0
    }

    private let tokenizer = ArticleTokenizer()
    private let tokens = WatchedTokens()
    private var entries: [Entry] = []
    private var queries = StandingQueries()
    /// By search, what an article needs of it first.
    private var states: [State] = []
    /// The searches that tokens trigger, and by number of a token which of them it does.
    private var triggered: [Trigger] = []
    private var runs: [Range<UInt32>] = []
    /// The tokens that trigger any.
    private var triggers = BitSet()
    /// Searches without such a token: each article is held against them.
    private var untriggered: [UInt32] = []
    private var article: UInt64 = 0
    /// The article at which the tokens are chosen anew, by what stood in articles so far.
    private var nextChoice: UInt64 = 64

    /// The bits of languages that have a stemmer; the last is that of all others.
    private static let bits: [String: UInt32] = Dictionary(
        uniqueKeysWithValues: Stemmer.languages.prefix(31).enumerated().map { ($1, 1 << UInt32($0)) })
    private static let otherLanguages: UInt32 = 1 << 31

    /// Makes a percolator; a search whose query does not parse any more is left out.
    package init(_ searches: [SavedSearch]) {
        let reader = TermReader(table: tokenizer.table, stemmers: [], keepsWord: true)
        let stemmers = Percolator.bits.keys.sorted().compactMap { language in
            tokenizer.stemmer(for: language).map { (language, $0) }
        }
        for search in searches {
            guard let parsed = try? Percolator.plan(search.query, reader) else { continue }
            let query = compile(parsed.root, stemmers)
            entries.append(Entry(name: search.name, query: query))
            states.append(State(number: queries.add(query)))
        }
        chooseTriggers()
    }

    private func chooseTriggers() {
        untriggered.removeAll(keepingCapacity: true)
        var searches: [[Trigger]] = []
        for (index, entry) in entries.enumerated() {
            let needs = entry.query.needs(tokens)
            guard let rarest = needs.first else {
                untriggered.append(UInt32(index))
                continue
            }
            let companion = needs.dropFirst().first { $0.count == 1 }?.first
            for token in Set(rarest) {
                while searches.count <= Int(token) { searches.append([]) }
                searches[Int(token)].append(Trigger(search: UInt32(index), companion: companion ?? token))
            }
        }
        triggered.removeAll(keepingCapacity: true)
        runs = searches.map { own in
            triggered += own
            return UInt32(triggered.count - own.count)..<UInt32(triggered.count)
        }
        triggers = BitSet(capacity: searches.count)
        for (token, own) in searches.enumerated() where !own.isEmpty { triggers.insert(token) }
    }

    /// Throws ``SearchSyntaxError`` for what cannot be saved as a search.
    package static func check(_ text: String) throws {
        _ = try plan(text, TermReader(table: FoldTable(), stemmers: [], keepsWord: true))
    }

    /// Reads a query as a search does, which also refuses what reads well and cannot be answered.
    private static func plan(_ text: String, _ reader: TermReader) throws(SearchSyntaxError) -> SearchQuery {
        let query = try SearchQuery(text)
        _ = try QueryPlan(query, reader: reader)
        if let offset = query.root.offsetOfStory {
            throw SearchSyntaxError(
                offset: offset, problem: "a search with 'story:' cannot be saved, since stories are known later",
                expected: "a query without it")
        }
        return query
    }

    /// How many searches there are.
    package var count: Int { entries.count }

    /// Returns the names of the searches that an article meets, in their order.
    ///
    /// - Parameter time: when its record was committed, milliseconds since 1970: its date where it has none.
    package func matches(_ article: Article, time: Int64) -> [String] {
        entries.isEmpty ? [] : matches(article, tokenizer.read(article), time: time)
    }

    /// Likewise, of an article whose tokens are known.
    func matches(_ article: Article, _ text: ArticleTokenizer.Text, time: Int64) -> [String] {
        guard !entries.isEmpty else { return [] }
        self.article += 1
        if self.article == nextChoice {
            chooseTriggers()
            nextChoice *= 4
        }
        tokens.read(text)
        let tag = article.language.lowercased()
        let subject = StandingQueries.Subject(
            tokens: tokens, language: Percolator.bit(tag), languageTag: tag, source: article.source.lowercased(),
            section: article.section?.lowercased(), date: article.published?.milliseconds ?? time)
        var found = untriggered.filter { queries.matches(states[Int($0)].number, subject) }
        let now = self.article
        for token in tokens.met where Int(token) < runs.count {
            guard triggers.contains(Int(token)) else { continue }
            for index in runs[Int(token)] {
                let trigger = triggered[Int(index)]
                guard tokens.contains(trigger.companion), states[Int(trigger.search)].seen != now else { continue }
                states[Int(trigger.search)].seen = now
                if queries.matches(states[Int(trigger.search)].number, subject) { found.append(trigger.search) }
            }
        }
        return found.sorted().map { entries[Int($0)].name }
    }

    private static func bit(_ tag: String) -> UInt32 {
        let subtag = String(tag.prefix { $0 != "-" && $0 != "_" })
        return bits[subtag == "nb" || subtag == "nn" ? "no" : subtag] ?? otherLanguages
    }

    // MARK: Compiling

    private func compile(
        _ node: SearchQuery.Node, _ stemmers: [(language: String, stemmer: LanguageStemmer)]
    ) -> StandingQuery {
        switch node {
        case .term(let term, _): .phrase(compile(term, stemmers))
        case .filter(let filter, _): .filter(filter)
        case .all(let parts, _): .all(parts.map { compile($0, stemmers) })
        case .any(let parts, _): .any(parts.map { compile($0, stemmers) })
        case .not(let inner, _): .not(compile(inner, stemmers))
        }
    }

    private func compile(
        _ term: SearchQuery.Term, _ stemmers: [(language: String, stemmer: LanguageStemmer)]
    ) -> StandingQuery.Phrase {
        func forms(_ read: TermReader.Tokens, _ languages: UInt32) -> [[StandingQuery.Phrase.Form]] {
            read.positions.enumerated().map { index, tokens in
                let isBeginning = read.isPrefix && index == read.positions.count - 1
                return tokens.map {
                    .init(number: self.tokens.watch($0, isBeginning: isBeginning), languages: languages)
                }
            }
        }
        let plain = TermReader(table: tokenizer.table, stemmers: [], keepsWord: true).read(term)
        let column = term.field?.column
        // Only a single word is looked for in its other forms.
        guard plain.positions.count == 1, !plain.isPrefix, !term.isExact else {
            return StandingQuery.Phrase(positions: forms(plain, .max), column: column)
        }
        var position = forms(plain, Percolator.otherLanguages)[0]
        for (language, stemmer) in stemmers {
            let read = TermReader(table: tokenizer.table, stemmers: [stemmer], keepsWord: false).read(term)
            let bit = Percolator.bits[language] ?? 0
            for form in forms(read, bit).first ?? [] {
                if let known = position.firstIndex(where: { $0.number == form.number }) {
                    position[known].languages |= bit
                } else {
                    position.append(form)
                }
            }
        }
        return StandingQuery.Phrase(positions: [position], column: column)
    }
}
