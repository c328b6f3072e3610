import Articles
import FoundationEssentials
import HTTP
import Messaging

/// What is asked of the search.
struct SearchQuestion: Sendable {
    var text: String
    var limit: Int
    var offset: Int
    var sort: String
    /// The half-life of relevance, such as `7d`; nil for the index's own.
    var recency: String?
    /// `story` for one hit a story; nil for one an article.
    var collapse: String?
    /// The `next` of the page before.
    var cursor: String?

    init(_ request: HTTP.Request) throws(Problem) {
        text = request.query("q") ?? ""
        limit = try request.number("limit", in: 1...200) ?? 20
        offset = try request.number("offset", in: 0...1_000_000) ?? 0
        sort = request.query("sort") ?? "relevance"
        guard ["relevance", "date", "arrival"].contains(sort) else {
            throw .badRequest("'sort' is relevance, date or arrival.")
        }
        recency = request.query("recency")
        collapse = request.query("collapse")
        guard [nil, "none", "story"].contains(collapse) else { throw .badRequest("'collapse' is none or story.") }
        cursor = request.query("cursor")
        guard text.utf8.count <= 4096 else { throw .badRequest("'q' has more than 4,096 bytes.") }
    }
}

extension HTTP.Request {
    /// Reads a number of the query; nil where there is none.
    func number<Number: FixedWidthInteger>(_ name: String, in range: ClosedRange<Number>) throws(Problem) -> Number? {
        guard let text = query(name) else { return nil }
        guard let number = Number(text), range.contains(number) else {
            throw .badRequest("'\(name)' is a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }
}

extension Site {
    /// `/api/v1/directories`: what the watchers say of their drop directories, those in trouble first, and the sum of those
    /// that no heartbeat had room for.
    func directories() -> [UInt8] {
        let (rows, others) = DropDirectoryRow.rows(of: board.processes())
        return Reply { writer in
            writer.array("directories", rows) { $1.write(to: &$0) }
            writer.key("other_directories")
            others.write(to: &writer)
        }.json
    }

    /// `/api/v1/articles`: the last first; `next` is the place for `before`.
    func articles(_ request: HTTP.Request) throws -> [UInt8] {
        let limit = try request.number("limit", in: 1...200) ?? 20
        let before = try request.number("before", in: Int64(1)...Int64.max)
        let source = request.query("source")
        let rows = try store.read { try $0.articles(limit: limit, before: before, source: source) }
        return Reply { writer in
            writer.array("articles", rows) { $0.article($1) }
            if rows.count == limit, let last = rows.last { writer.field("next", "\(last.row)") }
        }.json
    }

    /// `/api/v1/articles/{id}`: the record, its place, results and files.
    func article(_ text: String) throws -> [UInt8] {
        let (article, record, files) = try shown(text)
        return Reply { writer in
            writer.key("article")
            writer.raw(record)
            writer.key("journey")
            writer.article(article) { writer in writer.array("files", files) { $0.file($1) } }
        }.json
    }

    /// The same, an article that is hidden told as a problem.
    private func shown(
        _ text: String
    ) throws -> (StoreReader.ArticleRow, record: [UInt8], files: [StoreReader.FileRow]) {
        do { return try known(text) } catch let hidden as HiddenArticle { throw hidden.problem }
    }

    /// The last arrived article of an id, where it may be shown.
    func known(_ text: String) throws -> (StoreReader.ArticleRow, record: [UInt8], files: [StoreReader.FileRow]) {
        guard let id = ArticleID(text) else {
            throw Problem.notFound("An article's id is 32 hexadecimal digits in lower case.")
        }
        return try store.read { reader in
            guard let row = try reader.articles(id: id, limit: 1).first else {
                throw Problem.notFound("There is no article of this id.")
            }
            let files = try reader.files(of: row)
            guard !row.isHidden else {
                let kill = try row.uri.flatMap { try reader.kills(source: row.source, uri: $0).first }
                let gone = try row.standing.isErased ? reader.record(of: row) : nil
                throw HiddenArticle(
                    row: row, kill: row.standing == .killed ? kill : nil,
                    erasure: gone.flatMap { try? JSONDecoder().decode(GoneRecord.self, from: Data($0)) }, files: files)
            }
            return (row, record: try reader.record(of: row) ?? [], files: files)
        }
    }

    /// `/api/v1/search`: what the index answers.
    func hits(_ question: SearchQuestion) throws -> [UInt8] {
        do {
            return try search.search(question)
        } catch let error as SearchPool.Unavailable {
            throw Problem(
                status: 503, detail: "Search is not available: \(error.reason)", headers: [("Retry-After", "2")])
        } catch let error as WireError {
            let status = error.code == 400 || error.code == 503 ? error.code : 502
            throw Problem(status: status, detail: error.message, fields: error.fields)
        }
    }

    /// `/api/v1/quarantine`: what lies in quarantine, the last first.
    func quarantine(_ request: HTTP.Request) throws -> [UInt8] {
        let limit = try request.number("limit", in: 1...1000) ?? 100
        let (count, files) = try store.read { reader in
            (try reader.quarantineCount(), try reader.quarantine(limit: limit).map(StatusSnapshot.Quarantined.init))
        }
        return Reply { writer in
            writer.field("count", count)
            writer.array("files", files) { $0.raw($1.json) }
        }.json
    }

    /// `/api/v1/why?what=`: the journey of a path or an article.
    func why(_ request: HTTP.Request) throws -> [UInt8] {
        guard let what = request.query("what"), !what.isEmpty else {
            throw Problem.badRequest("'what' is a file's path or an article's id.")
        }
        return try store.read { reader in
            var writer = JSONWriter()
            writer.beginObject()
            try writer.journey(of: what, reader)
            writer.endObject()
            return writer.bytes
        }
    }
}
