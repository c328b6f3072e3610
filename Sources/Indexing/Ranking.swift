import Articles
import Glibc

/// Scores matches by BM25, filters them, keeps the best and counts facets: one pass over numbers in memory.
struct Ranking {
    /// A document with its score.
    struct Entry {
        let number: UInt32
        let score: Float
        /// What it is sorted by: the score, the date or the number.
        let key: Double
        /// How many more of its story there are; nil where stories are not put together.
        var others: Int?
    }

    /// BM25's two constants, as FTS5 and Lucene have them: how soon more occurrences stop to matter, and how much a long
    /// text weighs against them.
    private static let saturation: Float = 1.2
    private static let lengthWeight: Float = 0.75

    private let columns: DocumentColumns
    private let filter: DocumentFilter?
    private let arrangement: SearchArrangement
    private let depth: Int
    private let cursor: SearchCursor?
    /// What scores are made of: as the cursor has it, or as it is.
    private(set) var basis: SearchCursor.Basis
    private var entries: [Entry] = []
    /// The first of each story that has several articles, in the order.
    private var leaders: [UInt32: Entry] = [:]
    private var storyCount = 0
    private(set) var total = 0
    /// By number of the name.
    private var bySource: [Int]
    private var byLanguage: [Int]
    private var byDay: [Int64: Int] = [:]
    /// Articles of one day mostly stand together: so many that are not in ``byDay`` yet.
    private var run: (day: Int64, count: Int) = (0, 0)

    /// Makes one that keeps the `depth` best behind the cursor.
    init(
        columns: DocumentColumns, filter: DocumentFilter?, arrangement: SearchArrangement, depth: Int,
        cursor: SearchCursor? = nil
    ) {
        self.columns = columns
        bySource = Array(repeating: 0, count: Int(columns.lastName) + 1)
        byLanguage = bySource
        self.filter = filter
        self.arrangement = arrangement
        self.depth = depth
        self.cursor = cursor
        basis =
            cursor?.basis
            ?? SearchCursor.Basis(
                count: UInt32(clamping: columns.count), meanWords: columns.meanWords, frequencies: [],
                end: UInt32(clamping: columns.end), names: columns.lastName,
                now: arrangement.recency?.now.milliseconds ?? 0)
    }

    /// Adds everything that was collected.
    mutating func add(_ collector: MatchCollector, _ columns: DocumentColumns) {
        var scores = [Float](repeating: 0, count: columns.end)
        if cursor == nil { basis.frequencies = collector.frequencies.map { UInt32(clamping: $0) } }
        let perWord = Ranking.saturation * Ranking.lengthWeight / basis.meanWords
        let base = Ranking.saturation * (1 - Ranking.lengthWeight)
        for (phrase, postings) in collector.postings.enumerated() {
            let frequency = Float(basis.frequencies[phrase])
            let count = max(Float(basis.count), frequency)
            // Never negative: a word that stands in most documents still counts a little for one that has it.
            let rarity = log1pf((count - frequency + 0.5) / (frequency + 0.5))
            for index in postings.documents.indices {
                let document = Int(postings.documents[index])
                guard document < scores.count else { continue }
                let weight = postings.weights[index]
                let length = base + perWord * Float(columns.words[document])
                scores[document] += rarity * weight * (Ranking.saturation + 1) / (weight + length)
            }
        }
        if collector.documents.isEmpty {
            for document in scores.indices where scores[document] > 0 { add(document, score: scores[document]) }
        } else {
            for document in collector.documents where Int(document) < scores.count {
                add(Int(document), score: scores[Int(document)])
            }
        }
    }

    /// Adds one document.
    mutating func add(_ document: Int, score: Float) {
        if let filter, !filter.passes(document, columns) { return }
        total += 1
        bySource[Int(columns.sources[document])] += 1
        byLanguage[Int(columns.languages[document])] += 1
        let (quotient, rest) = columns.dates[document].quotientAndRemainder(dividingBy: 86_400_000)
        let day = rest < 0 ? quotient - 1 : quotient
        if day != run.day {
            if run.count > 0 { byDay[run.day, default: 0] += run.count }
            run = (day, 0)
        }
        run.count += 1
        let story = arrangement.collapse == .story ? columns.stories.stories[document] : 0
        if story == 0 { storyCount += 1 }
        guard depth > 0 || story > 0 else { return }
        let key = key(document, score)
        guard story == 0 else { return lead(story, entry(document, score, key)) }
        if entries.count >= depth, key < threshold { return }
        if let cursor, !cursor.precedes(key, UInt32(document)) { return }
        entries.append(entry(document, score, key))
        if entries.count >= 2 * depth + 256 { shrink() }
    }

    private func entry(_ document: Int, _ score: Float, _ key: Double) -> Entry {
        Entry(
            number: UInt32(document), score: arrangement.recency == nil ? score : Float(exp2(key)), key: key,
            others: arrangement.collapse == .story ? 0 : nil)
    }

    /// Puts an article in the place of its story's first one, where it stands before it.
    private mutating func lead(_ story: UInt32, _ entry: Entry) {
        guard var known = leaders[story] else {
            leaders[story] = entry
            return
        }
        // What came after the first page takes no place from what stood there, or its story could be passed over.
        let isOld = (entry: entry.number < basis.end, known: known.number < basis.end)
        let isBetter =
            isOld.entry == isOld.known
            ? (entry.key, entry.number) > (known.key, known.number) : isOld.entry
        let others = (known.others ?? 0) + 1
        known.others = others
        var entry = entry
        entry.others = others
        leaders[story] = isBetter ? entry : known
    }

    private func key(_ document: Int, _ score: Float) -> Double {
        switch arrangement.order {
        case .date: return Double(columns.dates[document])
        case .arrival: return Double(document)
        case .relevance:
            guard let recency = arrangement.recency else { return Double(score) }
            // Logarithms, since 2 to the power of an archive's age is nothing.
            let age = Double(max(0, basis.now - columns.dates[document])) / (recency.halfLife / .milliseconds(1))
            return log2(Double(score > 0 ? score : 1)) - age
        }
    }

    /// What an entry needs to be among the best, once there are enough of them.
    private var threshold = -Double.infinity

    private mutating func shrink() {
        // Of equals the later one is first, so that pages do not overlap.
        entries.sort { $0.key == $1.key ? $0.number > $1.number : $0.key > $1.key }
        if entries.count > depth { entries.removeSubrange(depth...) }
        if entries.count == depth, let last = entries.last { threshold = last.key }
    }

    /// The number of stories that were found; nil where they are not put together.
    var stories: Int? { arrangement.collapse == .story ? storyCount + leaders.count : nil }

    /// Returns the best, in order.
    mutating func best() -> [Entry] {
        if depth > 0 {
            entries += leaders.values.filter { cursor?.precedes($0.key, $0.number) ?? true }
        }
        shrink()
        return entries
    }

    /// Returns the facets of everything that passed the filter.
    func facets(_ columns: DocumentColumns) -> SearchFacets {
        func counts(_ numbers: [Int]) -> [SearchFacets.Count] {
            numbers.enumerated().filter { $1 > 0 }
                .map { SearchFacets.Count(value: columns.names[Int64($0)] ?? "", count: $1) }
                .sorted { $0.count == $1.count ? $0.value < $1.value : $0.count > $1.count }
        }
        var byDay = byDay
        if run.count > 0 { byDay[run.day, default: 0] += run.count }
        let days = byDay.sorted { $0.key > $1.key }.prefix(366).map { day, count in
            SearchFacets.Count(value: Timestamp(milliseconds: day * 86_400_000).day, count: count)
        }
        return SearchFacets(sources: counts(bySource), languages: counts(byLanguage), days: days)
    }
}
