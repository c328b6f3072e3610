import Articles
import Hashing
import Ingestion
import Messaging

/// The watcher's answer to ERASE: an operator has an article's words removed, or asks what was removed before.
enum EraseDesk {
    private struct Body: Decodable {
        var action: String?
        var id: String?
        var source: String?
        var uri: String?
        var reason: String?
        var author: ErasureEntry.Author?
        var known: Known?
        var from: Int?
    }

    /// What others know of it: the sources that published it, and the digests of files.
    private struct Known: Decodable {
        var sources: [String]?
        var files: [String]?
    }

    /// How long the intake may take.
    private static let patience = Duration.seconds(60)
    /// The longest source, uri or reason, in bytes.
    private static let limit = 4096
    /// Entries of one answer, at most.
    private static let page = 200

    /// Answers a request.
    static func answer(_ request: Request, _ intake: Intake) throws -> Reply {
        let body = try request.decode(Body.self)
        return try IntakeTrouble.told {
            switch body.action ?? "erase" {
            case "erase": return try erase(body, intake)
            case "list": return try list(from: max(0, body.from ?? 0), intake)
            default: throw WireError.badRequest("ERASE: 'action' is erase or list, not '\(body.action ?? "")'")
            }
        }
    }

    private static func subject(_ body: Body) throws(WireError) -> ErasureSubject {
        switch (body.id, body.source, body.uri) {
        case (let text?, nil, nil):
            guard let id = ArticleID(text) else {
                throw .badRequest("ERASE: '\(text)' is no id: that is 32 hexadecimal digits in lower case")
            }
            return .article(id)
        case (nil, let source?, let uri?) where !source.isEmpty && !uri.isEmpty:
            return .versions(source: source, uri: uri)
        default: throw .badRequest("ERASE: 'id', or 'source' and 'uri', say which article")
        }
    }

    private static func erase(_ body: Body, _ intake: Intake) throws -> Reply {
        let subject = try subject(body)
        guard let reason = body.reason, !reason.isEmpty else {
            throw WireError.badRequest("ERASE: 'reason' says why, for whoever asks later")
        }
        let texts = [body.source ?? "", body.uri ?? "", reason, body.author?.user ?? ""]
        guard texts.allSatisfy({ $0.utf8.count <= limit }) else {
            throw WireError.badRequest("ERASE: 'source', 'uri', 'reason' and 'user' have at most \(limit) bytes")
        }
        var order = ErasureOrder(subject, reason: reason, author: body.author)
        order.known.sources = Set((body.known?.sources ?? []).prefix(100))
        for text in (body.known?.files ?? []).prefix(1000) {
            guard let digest = Hexadecimal.decode(text), digest.count == 32 else {
                throw WireError.badRequest("ERASE: 'known.files' are SHA-256 in hexadecimal digits")
            }
            order.known.files.insert(digest)
        }
        do {
            return reply(try intake.erase(order, within: patience))
        } catch let error as ErasureOfNothing {
            throw WireError(.notFound, "UNKNOWN_ARTICLE", "\(error)")
        }
    }

    private static func reply(_ outcome: ErasureOutcome) -> Reply {
        Reply { writer in
            writer.field("n", outcome.number)
            writer.array("seqs", outcome.seqs)
            writer.field("first_seq", outcome.told?.lowerBound)
            writer.field("last_seq", outcome.told?.upperBound)
            writer.field("held", outcome.held)
            writer.list("removed", outcome.removed, file)
            writer.list("kept", outcome.kept, file)
            writer.field("scrubbed", outcome.isScrubbed)
        }
    }

    private static func file(_ writer: inout JSONWriter, _ file: ErasedFile) {
        writer.field("path", file.path)
        writer.field("parts", file.parts)
        writer.field("trouble", file.trouble)
    }

    private static func list(from place: Int, _ intake: Intake) throws -> Reply {
        let (entries, next) = try intake.erasures(from: place, limit: page)
        return Reply { writer in
            writer.key("erasures")
            writer.beginArray()
            for entry in entries { writer.raw(entry.json) }
            writer.endArray()
            writer.field("next", next)
        }
    }
}
