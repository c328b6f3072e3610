import Articles
import Ingestion
import Messaging

/// The watcher's answer to KILL: an operator withdraws an article.
enum KillDesk {
    private struct Body: Decodable {
        var source: String
        var uri: String
        var note: String?

        enum CodingKeys: String, CodingKey {
            case source, uri
            case note = "ed_note"
        }
    }

    /// How long the intake may take.
    private static let patience = Duration.seconds(10)
    /// The longest source, uri or note, in bytes: it goes on every topic of the source.
    private static let limit = 4096

    /// Answers a request.
    static func answer(_ request: Request, _ intake: Intake) throws -> Reply {
        let body = try request.decode(Body.self)
        guard !body.source.isEmpty, !body.uri.isEmpty else {
            throw WireError.badRequest("KILL: 'source' and 'uri' say which article")
        }
        guard [body.source, body.uri, body.note ?? ""].allSatisfy({ $0.utf8.count <= limit }) else {
            throw WireError.badRequest("KILL: 'source', 'uri' and 'ed_note' have at most \(limit) bytes")
        }
        return try IntakeTrouble.told {
            let place = try intake.kill(source: body.source, uri: body.uri, note: body.note, within: patience)
            return Reply { writer in
                writer.field("first_seq", place.lowerBound)
                writer.field("last_seq", place.upperBound)
            }
        }
    }
}
