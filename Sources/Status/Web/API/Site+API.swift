import Articles
import HTTP
import Linux
import Messaging

extension Site {
    /// The API, but for what has an area of its own.
    static let apiRoutes: [Route] = [
        .get("/api/v1/status", Site.status),
        .get("/api/v1/directories", Site.directories),
        .get("/api/v1/processes", Site.processes),
        .get("/api/v1/sources", Site.sources),
        .get("/api/v1/storage", Site.storage),
        .get("/api/v1/why", Site.why),
        .get("/api/v1/events", Site.eventStream),
        .get("/api/v1/openapi.json", for: .open, Site.openAPI),
    ]

    /// `/api/v1/status`: everything that the page shows.
    func status(_ request: HTTP.Request, _: String) throws -> Response {
        try moment().representation.response(to: request)
    }

    /// `/api/v1/directories`: what the watchers say of their drop directories, those in trouble first, and the sum of those
    /// that no heartbeat had room for.
    func directories(_ request: HTTP.Request, _: String) -> Response {
        let (rows, others) = DropDirectoryRow.rows(of: board.processes())
        return .json(
            Reply { writer in
                writer.array("directories", rows) { $1.write(to: &$0) }
                writer.key("other_directories")
                others.write(to: &writer)
            }.json)
    }

    /// `/api/v1/processes`: who has been heard of within a day.
    func processes(_ request: HTTP.Request, _: String) -> Response {
        .json(Reply { $0.processes(board.processes()) }.json)
    }

    /// `/api/v1/sources`: by the order in which they were first seen.
    func sources(_ request: HTTP.Request, _: String) throws -> Response {
        let limit = try request.number("limit", in: 1...200) ?? 100
        let after = try request.cursor { Int64($0).flatMap { $0 >= 0 ? $0 : nil } } ?? 0
        let sources = try store.read {
            try $0.sources(after: after, limit: limit + 1, at: Clocks.wallMilliseconds())
        }
        let shown = sources.prefix(limit)
        return ListReply(next: sources.count > limit ? shown.last.map { "\($0.number)" } : nil)
            .response(to: request) { writer in writer.array("sources", shown) { $1.write(to: &$0) } }
    }

    /// `/api/v1/storage`: the service's own store and the logs, with their forecasts.
    func storage(_ request: HTTP.Request, _: String) -> Response {
        .json(Reply { writer in writer.array("storage", board.storage) { $1.write(to: &$0) } }.json)
    }

    /// `/api/v1/openapi.json`: what all of this is, for programs.
    func openAPI(_ request: HTTP.Request, _: String) -> Response { Site.document.response(to: request) }

    private static let document = Representation(
        asset: PackageResources.openapi_json, contentType: "application/json")

    /// `/api/v1/why?what=`: the journey of a path or an article.
    func why(_ request: HTTP.Request, _: String) throws -> Response {
        guard let what = request.query("what"), !what.isEmpty else {
            throw Problem.badRequest("'what' is a file's path or an article's id.", parameter: "what")
        }
        let journey = try store.read { reader in
            var writer = JSONWriter()
            writer.beginObject()
            try writer.journey(of: what, reader)
            writer.endObject()
            return writer.bytes
        }
        return .json(journey)
    }
}
