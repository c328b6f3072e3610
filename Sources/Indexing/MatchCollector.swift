import SQLite

/// Reads the matches of one query out of FTS5: which documents, and how much of each phrase stands in them.
///
/// FTS5's own `bm25()` reads every phrase's rows once to count them, then merges them, then looks up each match's length
/// in a B-tree. Here lengths are in memory; and where any phrase is enough, each is read once by itself and the counts
/// come with it. Otherwise the merge is FTS5's, and counts are remembered from one query to the next.
final class MatchCollector: FullTextFunction {
    /// The name of the SQL function.
    static let name = "collect"

    /// How much an occurrence counts in each column: title, text, byline, keywords.
    static let weights: [Float] = [6, 1, 2, 3]

    /// What was found of one phrase: documents in ascending order, and the weight of its occurrences in each.
    struct Postings {
        var documents: [UInt32] = []
        var weights: [Float] = []
    }

    /// By phrase, in the order of the plan.
    private(set) var postings: [Postings] = []
    /// The number of documents that hold each phrase.
    private(set) var frequencies: [Int] = []
    /// All documents that match, in ascending order; empty for a disjunction, whose postings say it.
    private(set) var documents: [UInt32] = []

    private var plan: [QueryPlan.Phrase] = []
    private var isDisjunction = false
    private var isFirst = true
    private var deadline: ContinuousClock.Instant?
    /// Phrases' frequencies with the number of documents there were when they were counted.
    private var known: [String: (frequency: Int, documents: Int)] = [:]
    private var documentCount = 0

    /// Gets ready for a query.
    func begin(_ plan: QueryPlan, documentCount: Int, deadline: ContinuousClock.Instant) {
        self.plan = plan.phrases
        self.isDisjunction = plan.isDisjunction
        self.deadline = deadline
        self.documentCount = documentCount
        isFirst = true
        documents = []
        postings = plan.phrases.map { _ in Postings() }
        frequencies = plan.phrases.map { _ in 0 }
    }

    func visit(_ match: borrowing FullTextMatch) throws(SQLiteError) {
        if isFirst {
            isFirst = false
            for phrase in plan.indices where plan[phrase].counts {
                if isDisjunction {
                    try read(phrase, match)
                } else {
                    frequencies[phrase] = try frequency(of: phrase, match)
                }
            }
        }
        if isDisjunction { return }
        let document = UInt32(truncatingIfNeeded: match.rowID)
        documents.append(document)
        for phrase in plan.indices where plan[phrase].counts {
            let weight = try match.weight(ofPhrase: phrase, columns: MatchCollector.weights)
            guard weight > 0 else { continue }
            postings[phrase].documents.append(document)
            postings[phrase].weights.append(weight)
        }
    }

    private func read(_ phrase: Int, _ match: borrowing FullTextMatch) throws(SQLiteError) {
        var found = Postings()
        var steps = 0
        try match.forEachRow(withPhrase: phrase) { (row) throws(SQLiteError) in
            steps += 1
            if steps & 0xfff == 0 { try checkTime() }
            found.documents.append(UInt32(truncatingIfNeeded: row.rowID))
            found.weights.append(try row.weight(ofPhrase: 0, columns: MatchCollector.weights))
            return true
        }
        frequencies[phrase] = found.documents.count
        postings[phrase] = found
    }

    private func frequency(of phrase: Int, _ match: borrowing FullTextMatch) throws(SQLiteError) -> Int {
        let key = plan[phrase].key
        // A tenth more documents move a logarithm by a hair.
        if let known = known[key], documentCount <= known.documents + known.documents / 10 { return known.frequency }
        var count = 0
        try match.forEachRow(withPhrase: phrase) { (_) throws(SQLiteError) in
            count += 1
            if count & 0xfff == 0 { try checkTime() }
            return true
        }
        if known.count > 20_000 { known.removeAll() }
        known[key] = (count, documentCount)
        return count
    }

    /// A phrase's rows are read within one step of the query, in which SQLite does not look at its own time limit.
    private func checkTime() throws(SQLiteError) {
        if let deadline, ContinuousClock.now > deadline { throw .interrupted("search") }
    }
}
