import Articles
import FoundationEssentials
import HTTP
import Messaging

extension Site {
    /// Articles.
    static let articleRoutes: [Route] = [
        .get("/api/v1/articles", Site.articles),
        .get("/api/v1/articles/{id}", Site.article),
        .get("/api/v1/articles/{id}/record", Site.articleRecord),
        .get("/api/v1/articles/{id}/original", Site.articleOriginal),
    ]

    /// `/api/v1/articles`: the last first.
    func articles(_ request: HTTP.Request, _: String) throws -> Response {
        let limit = try request.number("limit", in: 1...200) ?? 20
        let place = try request.cursor { ListPlace(cursor: $0) } ?? .end
        let filter = try ArticleFilter(request)
        let page = try store.read { try $0.articles(filter, at: place, limit: limit) }
        return ListReply(page).response(to: request) { writer in
            writer.array("articles", page.rows) { $0.article($1) }
        }
    }

    /// `/api/v1/articles/{id}`: the record, its place, results and files.
    func article(_ request: HTTP.Request, _ id: String) throws -> Response {
        let (article, record, files) = try shown(id)
        return .json(
            Reply { writer in
                writer.key("article")
                writer.raw(record)
                writer.key("journey")
                writer.article(article) { writer in writer.array("files", files) { $0.file($1) } }
            }.json)
    }

    /// `/api/v1/articles/{id}/record`, and the same for the page: the record's own bytes.
    func articleRecord(_ request: HTTP.Request, _ id: String) throws -> Response { .json(try shown(id).record) }

    /// `/api/v1/articles/{id}/original`, and the same for the page: the file that it came in, as it was dropped.
    func articleOriginal(_ request: HTTP.Request, _ id: String) throws -> Response {
        guard let file = try shown(id).files.last else {
            throw Problem.notFound("The file of this article is still being read, or is not known any more.")
        }
        return try shownOriginal(file)
    }

    /// An article of an id; one that is hidden is told as a problem.
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
}

extension ArticleFilter {
    /// Reads the filters of a list of articles.
    init(_ request: HTTP.Request) throws(Problem) {
        self.init()
        source = try request.text("source")
        language = try request.text("language", atMost: 100)
        from = try request.time("from")
        to = try request.time("to")
        publishedFrom = try request.time("published_from")
        publishedTo = try request.time("published_to")
        verdict = try request.text("verdict", atMost: 40)
        uri = try request.text("uri")
        path = try request.text("path")
        if let word = request.query("standing") {
            switch word {
            case "any": standings = []
            case "erased": standings = [.erased, .erasedVersion]
            default:
                guard let standing = ArticleStanding.allCases.first(where: { $0.word == word }) else {
                    throw .badRequest(
                        "'standing' is current, superseded, withheld, killed, erased or any.", parameter: "standing")
                }
                standings = [standing]
            }
        }
        guard let text = try request.text("work", atMost: 60) else { return }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, Topic.isPart(parts[0]), let work = Work(kind: parts[0], word: parts[1]) else {
            throw .badRequest(
                "'work' is a kind of worker, a colon, and ok, failed, skipped, dead or missing.", parameter: "work")
        }
        self.work = work
    }
}
