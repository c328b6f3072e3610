import Articles
import Ingestion
import Messaging

/// The watcher's answers to HELD: what is held until its embargo ends, and its release before that.
///
/// None of an article's words are told: whoever needs them has the file, which `FILE` finds.
enum HeldDesk {
    private struct Body: Decodable {
        var action: String
        var ids: [String]?
        var all: Bool?
        var after: Int64?
        var limit: Int?
    }

    /// How long the intake may take for a slice of articles.
    private static let patience = Duration.seconds(10)
    /// Articles of one answer, at most.
    private static let limit = 500

    /// Answers a request.
    static func answer(_ request: Request, _ intake: Intake) throws -> Reply {
        let body = try request.decode(Body.self)
        if let ids = body.ids {
            guard ids.count <= limit else { throw WireError.badRequest("HELD: 'ids' has at most \(limit) ids") }
            if let other = ids.first(where: { ArticleID($0) == nil }) {
                throw WireError.badRequest("HELD: '\(other)' is no id: that is 32 hexadecimal digits in lower case")
            }
        }
        return try IntakeTrouble.told {
            switch body.action {
            case "list": return try list(body, intake)
            case "release": return try release(body, intake)
            default:
                throw WireError.badRequest("HELD: 'action' is list or release, not '\(body.action)'")
            }
        }
    }

    private static func list(_ body: Body, _ intake: Intake) throws -> Reply {
        let limit = min(max(1, body.limit ?? limit), limit)
        let articles: [HeldArticle]
        if let ids = body.ids {
            articles = try ids.flatMap { try intake.held(id: $0, limit: limit, within: patience) }
        } else {
            articles = try intake.held(after: max(0, body.after ?? 0), limit: limit, within: patience)
        }
        return Reply { writer in
            writer.key("articles")
            writer.beginArray()
            for article in articles { write(article, to: &writer) }
            writer.endArray()
            if body.ids == nil, articles.count == limit { writer.field("next", articles.last?.row) }
        }
    }

    private static func write(_ article: HeldArticle, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("id", article.id.description)
        writer.field("until", article.until.description)
        writer.field("source", article.source)
        writer.field("uri", article.uri)
        writer.field("version", article.version)
        writer.field("directory", article.directory)
        writer.field("path", article.path)
        writer.field("part", article.part)
        writer.field("received", article.received.description)
        writer.endObject()
    }

    private static func release(_ body: Body, _ intake: Intake) throws -> Reply {
        guard body.all == true || body.ids != nil else {
            throw WireError.badRequest("HELD: release needs 'ids', or 'all': true")
        }
        let ids = body.all == true ? nil : body.ids
        let released = try intake.release(ids, limit: limit, within: patience)
        let missing = (ids ?? []).filter { !released.contains($0) }
        return Reply { writer in
            writer.array("released", released)
            writer.array("missing", missing)
            if ids == nil, released.count == limit { writer.field("more", true) }
        }
    }
}
