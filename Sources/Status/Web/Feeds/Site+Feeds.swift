import Articles
import Exporting
import FoundationEssentials
import HTTP
import Messaging

extension Site {
    /// Feeds of what came in last, of a source, of a search, and of a saved search, each in every format.
    static let feedRoutes: [Route] = FeedFormat.allCases.flatMap { format -> [Route] in
        func route(
            _ name: String, _ feed: @escaping @Sendable (Site) -> (HTTP.Request, FeedFormat) throws -> Response
        ) -> Route {
            .get("/feeds/\(name).\(format.rawValue)") { site in { request, _ in try feed(site)(request, format) } }
        }
        return [
            route("latest", Site.latestFeed), route("source", Site.sourceFeed), route("search", Site.searchFeed),
            route("saved", Site.savedFeed),
        ]
    }

    /// What a feed has of a list, and where the list is shown.
    private struct Feed {
        /// Tells it from other feeds, for good.
        var name: String
        var title: String
        /// The path of the page, with its query.
        var page: String
        var articles: [(article: Article, time: Timestamp)]
    }

    /// `/feeds/latest.…`: what came in last, of any source.
    func latestFeed(_ request: HTTP.Request, _ format: FeedFormat) throws -> Response {
        let articles = try shownArticles(of: nil, limit: feedLimit(request))
        return answer(
            Feed(name: "latest", title: "Dropwire: latest articles", page: "/articles", articles: articles), request,
            format)
    }

    /// `/feeds/source.…?source=`: what a source sent last.
    func sourceFeed(_ request: HTTP.Request, _ format: FeedFormat) throws -> Response {
        guard let source = request.query("source"), !source.isEmpty, source.utf8.count <= 1000 else {
            throw Problem.badRequest("'source' is the name of a source.", parameter: "source")
        }
        let articles = try shownArticles(of: source, limit: feedLimit(request))
        let name = percentEncoded(source)
        return answer(
            Feed(
                name: "source:\(name)", title: "Dropwire: \(source)", page: "/articles?source=\(name)",
                articles: articles), request, format)
    }

    /// `/feeds/search.…?q=`: what a search finds, the last that came in first.
    func searchFeed(_ request: HTTP.Request, _ format: FeedFormat) throws -> Response {
        guard let text = request.query("q"), !text.isEmpty, text.utf8.count <= 4096 else {
            throw Problem.badRequest("'q' is a search of 1 to 4,096 bytes.", parameter: "q")
        }
        let name = percentEncoded(text)
        return answer(
            Feed(
                name: "search:\(name)", title: "Dropwire: \(text)", page: "/search?q=\(name)&sort=arrival",
                articles: try foundArticles(text, limit: feedLimit(request))), request, format)
    }

    /// `/feeds/saved.…?name=`: what a saved search finds.
    func savedFeed(_ request: HTTP.Request, _ format: FeedFormat) throws -> Response {
        guard let name = request.query("name"), Topic.isPart(name) else {
            throw Problem.badRequest("'name' is that of a saved search.", parameter: "name")
        }
        let saved = try savedSearch(name)
        return answer(
            Feed(
                name: "saved:\(name)", title: "Dropwire: \(name)",
                page: "/search?q=\(percentEncoded(saved))&sort=arrival",
                articles: try foundArticles(saved, limit: feedLimit(request))), request, format)
    }

    private func feedLimit(_ request: HTTP.Request) throws(Problem) -> Int {
        try request.number("limit", in: 1...100) ?? 30
    }

    private func shownArticles(of source: String?, limit: Int) throws -> [(article: Article, time: Timestamp)] {
        try store.read { reader in
            try reader.articles(limit: limit, source: source).compactMap { try Site.read($0, reader) }
        }
    }

    /// The articles that a search finds. What the store knows says whether they may be shown: the index may be behind.
    private func foundArticles(_ text: String, limit: Int) throws -> [(article: Article, time: Timestamp)] {
        let hits = try JSONValue(json: hits(SearchQuestion(text: text, limit: limit, sort: "arrival")))
        let ids = (hits["hits"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue.flatMap { ArticleID($0) } }
        let known = try store.read { reader in
            try ids.map { id in
                guard let row = try reader.articles(id: id, limit: 1).first else { return Known.unknown(id) }
                return try row.standing == .current
                    ? Site.read(row, reader).map { .article($0, $1) } ?? .hidden : .hidden
            }
        }
        return try known.compactMap { known in
            switch known {
            case .article(let article, let time): return (article, time)
            case .hidden: return nil
            case .unknown(let id):
                // Older than what is kept here: the archive has it, and says nothing of what is not to be shown.
                guard let record = try archived(id), let article = try? Site.article(record) else { return nil }
                return (article, article.ingest.received)
            }
        }
    }

    private enum Known: Sendable {
        case article(Article, Timestamp)
        case hidden
        case unknown(ArticleID)
    }

    private func archived(_ id: ArticleID) throws -> [UInt8]? {
        do {
            return try search.ask("GET") { $0.field("id", id.description) }.payload.first
        } catch let error as WireError where error.code == WireError.Code.notFound.rawValue {
            return nil
        } catch {
            throw Site.problem(of: error)
        }
    }

    private static func read(
        _ row: StoreReader.ArticleRow, _ reader: StoreReader
    ) throws -> (article: Article, time: Timestamp)? {
        guard let record = try reader.record(of: row), let article = try? article(record) else { return nil }
        return (article, Timestamp(milliseconds: row.position.timeMilliseconds))
    }

    private static func article(_ record: [UInt8]) throws -> Article {
        try JSONDecoder().decode(Article.self, from: Data(record))
    }

    private func answer(_ feed: Feed, _ request: HTTP.Request, _ format: FeedFormat) -> Response {
        let origin = Site.origin(of: request)
        let updated = feed.articles.map(\.time).max() ?? Timestamp(milliseconds: 0)
        let query = request.query.map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }
            .joined(separator: "&")
        let head = FeedHead(
            id: "urn:dropwire:feed:\(feed.name)", title: String(feed.title.prefix(200)),
            address: origin + request.rawPath + (query.isEmpty ? "" : "?\(query)"), page: origin + feed.page,
            updated: updated)
        let articles = feed.articles.map { $0.article.forFeed(page: "\(origin)/articles/\($0.article.id)") }
        var response = Response(contentType: format.contentType, body: format.document(head, articles))
        // Told, and not asked for: what was withdrawn makes a feed another one whose last article is the same. By its tag
        // that is found out.
        response.addHeader("Last-Modified", updated.internetMessageDate)
        return response
    }

    /// Where the client reaches the service, as far as that is known.
    static func origin(of request: HTTP.Request) -> String {
        "\(request.isSecure ? "https" : "http")://\(request.header("Host") ?? "localhost")"
    }
}
