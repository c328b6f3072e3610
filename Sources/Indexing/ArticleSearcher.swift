package import Articles
import FoundationEssentials
import JSON
package import SQLite

/// The archive and its full-text index, read: searches, single records, facets.
///
/// It has a connection of its own (read-only), on which queries run beside the writes and never hold them up. What it
/// keeps in memory about every document is brought up to date at the beginning of each search.
package final class ArticleSearcher {
    /// A search that took longer than it may.
    package struct TimeLimitExceeded: Error, Equatable, CustomStringConvertible {
        package let limit: Duration
        package var description: String { "search: it took longer than \(limit); ask for something rarer" }
    }

    /// Offsets reach so far; a cursor goes on beyond it at the cost of a first page.
    package static let deepest = 10_000

    private let connection: Connection
    private let links: Connection?
    private let timeLimit: Duration
    private let tokenizer = ArticleTokenizer()
    private let packer = RecordPacker()
    private let json = JSONParser()
    private let collector = MatchCollector()
    private let cutter: SnippetCutter
    private var columns = DocumentColumns()

    /// Takes a connection to a database that ``ArticleIndex/prepare()`` has prepared.
    ///
    /// - Parameter links: one to that of a ``StoryStore``; without it each article is a story by itself.
    package init(connection: Connection, links: Connection? = nil, timeLimit: Duration = .seconds(2)) throws {
        self.connection = connection
        self.links = links
        self.timeLimit = timeLimit
        cutter = SnippetCutter(table: tokenizer.table)
        // Words that everybody asks for fill more than SQLite's two megabytes.
        try connection.execute("PRAGMA cache_size=-16384")
        try connection.register(tokenizer: tokenizer, name: ArticleTokenizer.name)
        try connection.register(function: collector, name: MatchCollector.name)
    }

    /// Searches.
    ///
    /// - Parameters:
    ///   - offset: so many hits are left out, behind the cursor where there is one.
    ///   - arrangement: the order of hits.
    ///   - cursor: the ``SearchResults/next`` of the page before, of the same query and arrangement.
    /// - Throws: ``SearchSyntaxError`` for what is no query, ``SearchCursorError`` for what is no cursor of it.
    package func search(
        _ text: String, limit: Int = 10, offset: Int = 0, by arrangement: SearchArrangement = SearchArrangement(),
        cursor: String? = nil
    ) throws -> SearchResults {
        let query = try SearchQuery(text)
        let cursor = try cursor.map { try SearchCursor($0) }
        let (limit, offset) = (max(0, limit), min(max(0, offset), ArticleSearcher.deepest))
        return try limited { deadline in
            let question = try self.question(text, arrangement)
            if let cursor, cursor.question != question { throw SearchCursorError.foreign }
            let (plan, filter) = try self.plan(query, languagesUpTo: cursor?.basis.names ?? .max)
            if let cursor, plan.match != nil, cursor.basis.frequencies.count != plan.phrases.count {
                throw SearchCursorError.foreign
            }
            // One more than is shown says whether there is more.
            var ranking = Ranking(
                columns: columns, filter: filter, arrangement: arrangement, depth: limit > 0 ? offset + limit + 1 : 0,
                cursor: cursor)
            try rank(plan, deadline: deadline, into: &ranking)
            let best = ranking.best().dropFirst(offset)
            let page = best.prefix(limit)
            var results = SearchResults(
                total: ranking.total, stories: ranking.stories, hits: try page.compactMap { try hit($0, plan) },
                facets: ranking.facets(columns))
            if best.count > limit, let last = page.last {
                results.next =
                    SearchCursor(question: question, key: last.key, number: last.number, basis: ranking.basis).text
            }
            return results
        }
    }

    /// Stands for what is asked in a cursor.
    private func question(_ text: String, _ arrangement: SearchArrangement) throws -> UInt64 {
        let halfLife = arrangement.recency.map { "\($0.halfLife)" } ?? ""
        let parts = [
            "\(try IndexSchema.identity(connection))", arrangement.order.rawValue, halfLife,
            arrangement.collapse.rawValue,
            text,
        ]
        return UInt64(bitPattern: ArticleIndex.hash(parts.joined(separator: "\u{1f}")))
    }

    /// Counts sources, languages and days of what a query finds.
    package func facets(_ text: String) throws -> SearchFacets {
        try search(text, limit: 0).facets
    }

    /// Returns the record of an article that may be shown, any version of it; nil where there is none, or where it is
    /// killed or withheld.
    package func get(id: ArticleID) throws -> [UInt8]? {
        let query = try connection.statement(
            """
            SELECT bytes FROM document JOIN record USING (number) WHERE \(IndexSchema.holdsContent) AND state<>?3
                AND NOT EXISTS(
                    SELECT 1 FROM document AS newest WHERE newest.key_hash=document.key_hash AND newest.state=?3
                        AND newest.source=document.source AND newest.uri IS document.uri)
            ORDER BY number DESC
            """
        ).bind(1, ArticleIndex.hash(id.description)).bind(2, id.description).bind(3, DocumentState.hidden.rawValue)
        defer { query.reset() }
        return try query.step() ? packer.record(query.bytes(0)) : nil
    }

    /// Returns the records of an article in all versions that are kept, at most a hundred, the last first.
    func versions(source: String, uri: String) throws -> [[UInt8]] {
        var records: [[UInt8]] = []
        try connection.statement(
            """
            SELECT bytes FROM document JOIN record USING (number) WHERE key_hash=? AND uri=?
                AND source IN (SELECT number FROM index_name WHERE kind=0 AND name=?) ORDER BY number DESC LIMIT 100
            """
        ).bind(1, ArticleIndex.key(source: source, uri: uri)).bind(2, uri).bind(3, source).forEachRow {
            records.append(try packer.record($0.bytes(0)))
        }
        return records
    }

    // MARK: A search

    private func limited<Result>(_ body: (ContinuousClock.Instant) throws -> Result) throws -> Result {
        connection.limitTime(timeLimit)
        defer { connection.limitTime(nil) }
        let deadline = ContinuousClock.now + timeLimit
        do {
            return try connection.snapshot {
                try columns.refresh(connection, links: links)
                return try body(deadline)
            }
        } catch let error as SQLiteError where error.isInterrupted {
            throw TimeLimitExceeded(limit: timeLimit)
        }
    }

    private func plan(
        _ query: SearchQuery, languagesUpTo last: UInt32 = .max
    ) throws -> (QueryPlan, DocumentFilter?) {
        // Filters are known once the plan is made, which needs the languages that they leave.
        let filters: [SearchQuery.Node] =
            if case .all(let parts, _) = query.root { parts } else { [query.root] }
        let languageFilters = filters.filter { if case .filter(.language, _) = $0 { true } else { false } }
        let languages = DocumentFilter(languageFilters, columns) { _ in [] }.languages ?? columns.languageNumbers
        var stemmers: [ObjectIdentifier: LanguageStemmer] = [:]
        var keepsWord = false
        for number in languages.intersection(columns.languageNumbers) where number <= last {
            if let stemmer = tokenizer.stemmer(for: columns.names[Int64(number)] ?? "") {
                stemmers[ObjectIdentifier(stemmer)] = stemmer
            } else {
                keepsWord = true
            }
        }
        let reader = TermReader(table: tokenizer.table, stemmers: Array(stemmers.values), keepsWord: keepsWord)
        let plan = try QueryPlan(query, reader: reader)
        return (plan, plan.filters.isEmpty ? nil : try DocumentFilter(plan.filters, columns, documents: documents(of:)))
    }

    private func documents(of id: ArticleID) throws -> Set<Int> {
        var numbers: Set<Int> = []
        try connection.statement("SELECT number FROM document WHERE \(IndexSchema.holdsContent)")
            .bind(1, ArticleIndex.hash(id.description)).bind(2, id.description)
            .forEachRow { numbers.insert($0.int(0)) }
        return numbers
    }

    private func rank(_ plan: QueryPlan, deadline: ContinuousClock.Instant, into ranking: inout Ranking) throws {
        guard let match = plan.match else {
            let query = try connection.statement(
                plan.excluded == nil
                    ? "SELECT number FROM document WHERE state=0"
                    : """
                    SELECT number FROM document WHERE state=0
                        AND number NOT IN (SELECT rowid FROM article_text WHERE article_text MATCH ?)
                    """)
            if let excluded = plan.excluded { try query.bind(1, excluded) }
            try query.forEachRow { ranking.add($0.int(0), score: 0) }
            return
        }
        collector.begin(plan, documentCount: columns.count, deadline: deadline)
        // A disjunction is read whole at its first row.
        let query = try connection.statement(
            "SELECT \(MatchCollector.name)(article_text) FROM article_text WHERE article_text MATCH ?"
                + (plan.isDisjunction ? " LIMIT 1" : "")
        ).bind(1, match)
        try query.forEachRow { _ in }
        ranking.add(collector, columns)
    }

    private func hit(_ ranked: Ranking.Entry, _ plan: QueryPlan) throws -> SearchResults.Hit? {
        let query = try connection.statement(
            "SELECT bytes, seq FROM document JOIN record USING (number) WHERE number=?"
        ).bind(1, Int(ranked.number))
        defer { query.reset() }
        guard try query.step() else { return nil }
        // What is shown is read without the rest.
        let record = try json.parse(packer.record(query.bytes(0)))
        let text = [record["abstract"]?.text, record["body"]?.text].compactMap { $0 }.joined(separator: "\n\n")
        let language = record["language"]?.text ?? ""
        let snippet = cutter.cut(
            text, patterns: plan.patterns.filter { $0.field == nil }, stemmer: tokenizer.stemmer(for: language))
        return SearchResults.Hit(
            id: record["id"]?.text ?? "", title: record["title"]?.text, source: record["source"]?.text ?? "",
            language: language, published: record["published"]?.text.flatMap { Timestamp($0) },
            signals: record["signals"]?.elements.compactMap(\.text) ?? [], score: Double(ranked.score),
            seq: UInt64(clamping: query.int64(1)), others: ranked.others, snippet: snippet)
    }
}

extension ArticleSearcher {
    /// Returns articles of a range that may be shown, in the archive's order.
    ///
    /// - Parameters:
    ///   - number: only documents behind this one.
    ///   - limit: the most records.
    ///   - bytes: about so many bytes of records, and at least one record.
    ///   - now: what is under embargo at this moment is left out.
    /// - Throws: ``SearchSyntaxError`` for what is no query.
    package func page(
        of range: ArchiveRange, behind number: Int = 0, limit: Int, bytes: Int, now: Timestamp
    ) throws -> ArchivePage {
        let query = try range.query.map { try SearchQuery($0) }
        return try limited { _ in
            let pause = ContinuousClock.now + timeLimit / 2
            let (plan, filter) = try query.map { try self.plan($0) } ?? (nil, nil)
            let numbers = try self.numbers(of: plan, behind: number)
            defer { numbers.reset() }
            var page = ArchivePage(last: number)
            var size = 0
            while try numbers.step() {
                page.last = numbers.int(0)
                let date = Timestamp(milliseconds: columns.dates[page.last])
                if filter?.passes(page.last, columns) ?? true, range.after.map({ date >= $0 }) ?? true,
                    range.before.map({ date < $0 }) ?? true,
                    let record = try record(page.last, within: range.sequence, now: now)
                {
                    page.records.append(record)
                    size += record.count
                }
                if page.records.count >= limit || size >= bytes || ContinuousClock.now >= pause { return page }
            }
            page.isEnd = true
            return page
        }
    }

    /// The numbers of the shown documents that a plan finds, ascending.
    private func numbers(of plan: QueryPlan?, behind number: Int) throws -> Statement {
        if let match = plan?.match {
            return try connection.statement(
                "SELECT rowid FROM article_text WHERE article_text MATCH ? AND rowid>? ORDER BY rowid"
            ).bind(1, match).bind(2, number)
        }
        guard let excluded = plan?.excluded else {
            return try connection.statement("SELECT number FROM document WHERE state=0 AND number>? ORDER BY number")
                .bind(1, number)
        }
        return try connection.statement(
            """
            SELECT number FROM document WHERE state=0 AND number>?
                AND number NOT IN (SELECT rowid FROM article_text WHERE article_text MATCH ?) ORDER BY number
            """
        ).bind(1, number).bind(2, excluded)
    }

    /// Returns the record of a document that may be shown; nil where it may not, or stands elsewhere in the log.
    private func record(_ number: Int, within sequence: ClosedRange<UInt64>, now: Timestamp) throws -> [UInt8]? {
        let query = try connection.statement(
            "SELECT bytes, seq FROM document JOIN record USING (number) WHERE number=? AND state=0"
        ).bind(1, number)
        defer { query.reset() }
        guard try query.step(), sequence.contains(UInt64(clamping: query.int64(1))) else { return nil }
        let bytes = try packer.record(query.bytes(0))
        // Few have one, and only these have to be read.
        guard bytes.firstRange(of: ArticleSearcher.embargo) != nil else { return bytes }
        let article = try JSONDecoder().decode(Article.self, from: Data(bytes))
        return article.embargoedUntil.map { $0 > now } ?? false ? nil : bytes
    }

    private static let embargo = Array("\"embargoed_until\":".utf8)
}
