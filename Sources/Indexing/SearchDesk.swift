import Articles
import Linux
package import Messaging
import SQLite
import TOML

/// Answers `SEARCH`, `GET`, `FACETS` and `EXPORT`, and keeps the saved searches (`SAVED`), for a ``CommandServer``, on whose
/// thread it is made and used.
package final class SearchDesk {
    /// The most hits in one answer.
    package static let maximumLimit = 200
    /// The most records in one page of an export.
    package static let maximumPage = 500
    /// A page of an export is full with so many bytes.
    private static let pageBytes = 1 << 20

    private let searcher: ArticleSearcher
    private let recency: Duration
    private let saved: SavedSearchDesk

    /// Opens the index at `path` for reading, which has been prepared by the worker, and the store of saved searches.
    ///
    /// - Parameters:
    ///   - stories: the path of the ``StoryStore``, which a ``StoryFollower`` has made; nil where there is none.
    ///   - recency: the half-life of relevance for searches that do not say theirs; zero where age does not count.
    package init(
        path: String, savedSearches: String, stories: String? = nil, recency: Duration = .zero,
        timeLimit: Duration = .seconds(2)
    ) throws {
        self.recency = recency
        searcher = try ArticleSearcher(
            connection: Connection(path: path, mode: .readOnly),
            links: stories.map { try Connection(path: $0, mode: .readOnly) }, timeLimit: timeLimit)
        saved = SavedSearchDesk(try SavedSearchStore(path: savedSearches))
    }

    /// The handlers by command.
    package var handlers: [String: CommandServer.Handler] {
        ["SEARCH": search, "GET": get, "FACETS": facets, "EXPORT": export, "SAVED": answeringSaved]
    }

    private struct SearchRequest: Decodable {
        var q: String
        var limit: Int?
        var offset: Int?
        var sort: String?
        var cursor: String?
        var recency: String?
        var collapse: String?
    }

    private struct GetRequest: Decodable {
        var id: String?
        var source: String?
        var uri: String?
    }

    private func search(_ request: Request) throws -> Reply {
        let body = try request.decode(SearchRequest.self)
        let arrangement = try arrangement(body)
        let limit = body.limit ?? 10
        let offset = body.offset ?? 0
        guard (0...SearchDesk.maximumLimit).contains(limit) else {
            throw WireError.badRequest("SEARCH: 'limit' is 0 to \(SearchDesk.maximumLimit)")
        }
        guard (0...ArticleSearcher.deepest - limit).contains(offset) else {
            throw WireError.badRequest("SEARCH: 'offset' and 'limit' reach to \(ArticleSearcher.deepest) at most")
        }
        guard body.cursor == nil || offset == 0 else {
            throw WireError.badRequest("SEARCH: 'offset' does not go with 'cursor', which says where the page begins")
        }
        return try answering {
            let results = try searcher.search(
                body.q, limit: limit, offset: offset, by: arrangement, cursor: body.cursor)
            return Reply(json: results.encode())
        }
    }

    private func arrangement(_ body: SearchRequest) throws(WireError) -> SearchArrangement {
        guard let order = SearchArrangement.Order(rawValue: body.sort ?? "relevance") else {
            throw WireError.badRequest("SEARCH: 'sort' is relevance, date or arrival")
        }
        guard let collapse = SearchArrangement.Collapse(rawValue: body.collapse ?? "none") else {
            throw WireError.badRequest("SEARCH: 'collapse' is none or story")
        }
        guard order == .relevance else {
            guard body.recency == nil else {
                throw WireError.badRequest("SEARCH: 'recency' goes with the order by relevance only")
            }
            return SearchArrangement(order, collapse: collapse)
        }
        let halfLife = body.recency.map { ConfiguredDuration($0)?.duration } ?? recency
        let range = SearchArrangement.Recency.halfLives
        guard let halfLife, halfLife == .zero || range.contains(halfLife) else {
            let (least, most) = (ConfiguredDuration(range.lowerBound), ConfiguredDuration(range.upperBound))
            throw WireError.badRequest(
                "SEARCH: 'recency' is a half-life from \(least) to \(most), such as 7d, or 0s for none")
        }
        guard halfLife != .zero else { return SearchArrangement(order, collapse: collapse) }
        return SearchArrangement(
            order, recency: .init(halfLife: halfLife, now: Timestamp(milliseconds: Clocks.wallMilliseconds())),
            collapse: collapse)
    }

    private func get(_ request: Request) throws -> Reply {
        let body = try request.decode(GetRequest.self)
        if let source = body.source, let uri = body.uri {
            return Reply(payload: try searcher.versions(source: source, uri: uri))
        }
        guard let id = body.id.flatMap({ ArticleID($0) }) else {
            throw WireError.badRequest("GET: '\(body.id ?? "")' is not an id of 32 hexadecimal digits")
        }
        guard let record = try searcher.get(id: id) else {
            throw WireError(
                .notFound, "UNKNOWN_ARTICLE",
                "there is no article \(id) in the archive that may be shown: where it was withheld or killed, "
                    + "'dropwire why \(id)' says so")
        }
        return Reply(payload: [record])
    }

    private struct ExportRequest: Decodable {
        var q: String?
        var after: Timestamp?
        var before: Timestamp?
        var from: UInt64?
        var to: UInt64?
        var cursor: Int?
        var limit: Int?
    }

    /// A page of the archive: as many records as fit in a reply.
    private func export(_ request: Request) throws -> Reply {
        let body = try request.decode(ExportRequest.self)
        let limit = body.limit ?? SearchDesk.maximumPage
        guard (1...SearchDesk.maximumPage).contains(limit) else {
            throw WireError.badRequest("EXPORT: 'limit' is 1 to \(SearchDesk.maximumPage)")
        }
        guard (body.from ?? 0) <= (body.to ?? .max) else {
            throw WireError.badRequest("EXPORT: 'from' is behind 'to'")
        }
        var range = ArchiveRange()
        range.query = body.q
        range.after = body.after
        range.before = body.before
        range.sequence = (body.from ?? 0)...(body.to ?? .max)
        return try answering {
            let page = try searcher.page(
                of: range, behind: body.cursor ?? 0, limit: limit, bytes: SearchDesk.pageBytes,
                now: Timestamp(milliseconds: Clocks.wallMilliseconds()))
            return Reply(payload: page.records) { writer in
                writer.field("count", page.records.count)
                writer.field("cursor", page.last)
                writer.field("end", page.isEnd)
            }
        }
    }

    private func facets(_ request: Request) throws -> Reply {
        let body = try request.decode(SearchRequest.self)
        return try answering {
            var writer = JSONWriter(capacity: 2048)
            try searcher.facets(body.q).write(to: &writer)
            return Reply(json: writer.bytes)
        }
    }

    private func answeringSaved(_ request: Request) throws -> Reply { try answering { try saved.answer(request) } }

    private func answering(_ body: () throws -> Reply) throws -> Reply {
        do {
            return try body()
        } catch let error as SearchSyntaxError {
            throw WireError.badRequest(
                error.description,
                fields: ["offset": .integer(Int64(error.offset)), "expected": .string(error.expected)])
        } catch let error as SearchCursorError {
            throw WireError.badRequest("SEARCH: \(error)")
        } catch let error as ArticleSearcher.TimeLimitExceeded {
            throw WireError(.unavailable, "TIME_LIMIT", error.description)
        }
    }
}
