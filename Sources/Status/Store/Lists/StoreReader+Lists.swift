import Articles
import FoundationEssentials
import Messaging
import SQLite

/// Lists of articles and files with filters, by page. Each goes by an index, or looks at a bounded number of rows.
extension StoreReader {
    /// A page of articles, the last arrived first, with their results.
    package func articles(_ filter: ArticleFilter, at place: ListPlace = .end, limit: Int) throws
        -> ListPage<ArticleRow>
    {
        let found = try query(filter).find(place, limit: limit, examining: examined, connection)
        return ListPage(rows: try articles(rows: found.rows), older: found.older, newer: found.newer)
    }

    /// How articles are gone through that a filter asks for.
    func query(_ filter: ArticleFilter) throws -> ListQuery {
        var query = ListQuery(table: "article")
        if !filter.standings.isEmpty {
            let states = filter.standings.map { "\($0.rawValue)" }.joined(separator: ", ")
            query.conditions.append(.init(sql: "standing IN (\(states))"))
        }
        for (column, value) in [("source", filter.source), ("language", filter.language), ("uri", filter.uri)] {
            if let value { query.conditions.append(.init(sql: "+\(column)=?", values: [.text(value)])) }
        }
        for (condition, time) in [
            ("time_ms>=?", filter.from), ("time_ms<?", filter.to), ("published_ms>=?", filter.publishedFrom),
            ("published_ms<?", filter.publishedTo),
        ] {
            if let time { query.conditions.append(.init(sql: condition, values: [.integer(time.milliseconds)])) }
        }
        if let path = filter.path { query.conditions.append(ListQuery.Part(column: "+path", beginsWith: path)) }
        if let work = filter.work { query.conditions.append(.init(work)) }
        if let verdict = filter.verdict {
            query.conditions.append(
                .init(
                    sql: """
                        EXISTS (SELECT 1 FROM result AS r WHERE r.stream=article.stream AND r.epoch=article.epoch
                        AND r.seq=article.seq AND r.kind=(SELECT id FROM kind WHERE name='deduplicate') AND r.verdict=?)
                        """, values: [.text(verdict)]))
        }
        query.bounds = try timeBounds(from: filter.from, to: filter.to)
        if let bound = try mostSelective(filter) { query.bounds.append(bound) }
        return query
    }

    /// The condition of a filter by which an index finds the fewest rows; nil where all are gone through.
    private func mostSelective(_ filter: ArticleFilter) throws -> ListQuery.Part? {
        // Sets that are in the order of rows only when they are put in it; small ones are.
        var sets: [ListQuery.Part] = []
        if let uri = filter.uri {
            sets.append(.init(sql: "SELECT row FROM article WHERE uri=?", values: [.text(uri)]))
        }
        if let path = filter.path {
            let part = ListQuery.Part(column: "path", beginsWith: path)
            sets.append(.init(sql: "SELECT row FROM article WHERE \(part.sql)", values: part.values))
        }
        if let work = filter.work, work.state == .dead || work.state == .reported(.failed) {
            let (kind, word) = (ListQuery.Value.text(work.kind), work.state == .dead ? "dead=1" : "status='failed'")
            let results = "FROM result AS r WHERE r.\(word) AND r.kind=(SELECT id FROM kind WHERE name=?)"
            // How many there are an index tells by itself; each one's article is another look-up.
            if try isSmall(.init(sql: "SELECT 1 \(results)", values: [kind])) {
                let articles = """
                    SELECT a.row FROM (SELECT stream, epoch, seq \(results)) AS r CROSS JOIN article AS a
                    ON a.stream=r.stream AND a.epoch=r.epoch AND a.seq=r.seq
                    """
                return .init(sql: "row IN (\(articles))", values: [kind])
            }
        }
        for set in sets where try isSmall(set) {
            return .init(sql: "row IN (\(set.sql))", values: set.values)
        }
        return filter.source.map { .init(sql: "source=?", values: [.text($0)]) }
    }

    /// A page of files with their outcomes, the last first.
    package func files(_ filter: FileFilter, at place: ListPlace = .end, limit: Int) throws -> ListPage<FileRow> {
        let found = try query(filter).find(place, limit: limit, examining: examined, connection)
        return ListPage(rows: try files(rows: found.rows), older: found.older, newer: found.newer)
    }

    /// How files are gone through that a filter asks for.
    func query(_ filter: FileFilter) throws -> ListQuery {
        var query = ListQuery(table: "file")
        for (column, value) in [("outcome", filter.outcome?.rawValue), ("directory", filter.directory)] {
            if let value { query.conditions.append(.init(sql: "\(column)=?", values: [.text(value)])) }
        }
        if let path = filter.path {
            query.conditions.append(ListQuery.Part(column: "+path", beginsWith: path))
            let part = ListQuery.Part(column: "path", beginsWith: path)
            let set = ListQuery.Part(sql: "SELECT row FROM file WHERE \(part.sql)", values: part.values)
            if try isSmall(set) { query.bounds.append(.init(sql: "row IN (\(set.sql))", values: set.values)) }
        }
        return query
    }

    private func isSmall(_ set: ListQuery.Part) throws -> Bool {
        let query = try connection.prepare("SELECT count(*) FROM (\(set.sql) LIMIT \(ListQuery.smallSet + 1))")
        try query.bind(set.values)
        return try query.step() && query.int(0) <= ListQuery.smallSet
    }

    /// The rows between which the articles of a time stand, as far as the hours of their commits tell it.
    private func timeBounds(from: Timestamp?, to: Timestamp?) throws -> [ListQuery.Part] {
        guard from != nil || to != nil,
            // Until the articles of an older version's store are counted they stand in no hour.
            try connection.scalar("SELECT count(*) FROM meta WHERE k='articles_counted_to'") == 0
        else { return [] }
        var bounds: [ListQuery.Part] = []
        func bound(_ query: String, _ time: Timestamp, _ condition: String) throws {
            let query = try connection.statement(query).bind(1, time.milliseconds / 3_600_000)
            defer { query.reset() }
            // No article at all is of that time: no row is either.
            let row = try query.step() && !query.isNull(0) ? query.int64(0) : nil
            bounds.append(row.map { .init(sql: condition, values: [.integer($0)]) } ?? .init(sql: "row<0"))
        }
        if let from { try bound("SELECT min(first_row) FROM article_hour WHERE hour>=?", from, "row>=?") }
        if let to { try bound("SELECT max(last_row) FROM article_hour WHERE hour<=?", to, "row<=?") }
        return bounds
    }
}

extension ListQuery.Part {
    /// The texts of a column that begin with a prefix. As a range, so that an index answers it.
    fileprivate init(column: String, beginsWith prefix: String) {
        // SQLite compares texts as bytes, and no text has the byte 0xff.
        self.init(
            sql: "\(column)>=? AND \(column)<CAST(? AS TEXT)",
            values: [.text(prefix), .blob(Array(prefix.utf8) + [0xff])])
    }

    /// The articles of which a worker has made something.
    fileprivate init(_ work: ArticleFilter.Work) {
        let result = """
            EXISTS (SELECT 1 FROM result AS r WHERE r.stream=article.stream AND r.epoch=article.epoch
            AND r.seq=article.seq AND r.kind=(SELECT id FROM kind WHERE name=?)
            """
        switch work.state {
        case .reported(let outcome):
            self.init(sql: result + " AND r.status=?)", values: [.text(work.kind), .text(outcome.rawValue)])
        case .dead: self.init(sql: result + " AND r.dead=1)", values: [.text(work.kind)])
        case .missing: self.init(sql: "NOT " + result + ")", values: [.text(work.kind)])
        }
    }
}
