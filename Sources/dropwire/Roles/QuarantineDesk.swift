import Articles
import Ingestion
import Linux
import Messaging

/// The watcher's answers to QUARANTINE: what lies there, a file's offending place, and the ways out.
enum QuarantineDesk {
    private struct Body: Decodable {
        var action: String
        var names: [String]?
        var all: Bool?
        var code: String?
        var source: String?
        /// With `names`: of one drop directory, where several have a file of a name.
        var directory: String?
        var olderThanMilliseconds: Int64?
        var after: String?
        var limit: Int?

        enum CodingKeys: String, CodingKey {
            case action, names, all, code, source, directory, after, limit
            case olderThanMilliseconds = "older_than_ms"
        }
    }

    /// How long the intake may take for a slice of files.
    private static let patience = Duration.seconds(10)
    /// Files of one answer, at most.
    private static let limit = 500

    /// Answers a request.
    static func answer(_ request: Request, _ intake: Intake) throws -> Reply {
        let body = try request.decode(Body.self)
        return try IntakeTrouble.told {
            switch body.action {
            case "list": return list(try chosen(body, intake.quarantine))
            case "show": return try show(body, intake.quarantine)
            case "retry":
                let (page, missing) = try chosen(body, intake.quarantine)
                return reply("retried", try intake.retry(page.files, within: patience), page, missing)
            case "discard":
                let (page, missing) = try chosen(body, intake.quarantine)
                return reply("discarded", try intake.discard(page.files, within: patience), page, missing)
            default:
                throw WireError.badRequest(
                    "QUARANTINE: 'action' is list, show, retry or discard, not '\(body.action)'")
            }
        }
    }

    /// The files that are meant, and names that are not there.
    private static func chosen(
        _ body: Body, _ quarantine: Quarantine
    ) throws -> (page: Quarantine.Page, missing: [String]) {
        let until = body.olderThanMilliseconds.map { Clocks.wallMilliseconds() - max(0, $0) }
        let filter = Quarantine.Filter(code: body.code, source: body.source, until: until)
        guard let names = body.names, body.all != true else {
            guard body.action == "list" || body.all == true else {
                throw WireError.badRequest("QUARANTINE: \(body.action) needs 'names', or 'all': true")
            }
            let limit = min(max(1, body.limit ?? limit), limit)
            return (try quarantine.page(filter, after: body.after, limit: limit), [])
        }
        guard names.count <= limit else { throw WireError.badRequest("QUARANTINE: 'names' has at most \(limit) names") }
        var page = Quarantine.Page()
        var missing: [String] = []
        for name in names {
            let files = try quarantine.files(named: name).filter { file in
                filter.matches(file.reason) && (body.directory ?? file.directory) == file.directory
            }
            if files.isEmpty { missing.append(name) }
            page.files += files
        }
        return (page, missing)
    }

    private static func list(_ chosen: (page: Quarantine.Page, missing: [String])) -> Reply {
        Reply { writer in
            writer.key("files")
            writer.beginArray()
            for file in chosen.page.files {
                writer.beginObject()
                write(file, to: &writer)
                writer.endObject()
            }
            writer.endArray()
            writer.array("missing", chosen.missing)
            writer.field("next", chosen.page.next)
        }
    }

    private static func show(_ body: Body, _ quarantine: Quarantine) throws -> Reply {
        guard let name = body.names?.first, body.names?.count == 1 else {
            throw WireError.badRequest("QUARANTINE: show needs 'names' with one name")
        }
        let files = try quarantine.files(named: name).filter { file in
            (body.source ?? file.reason.source) == file.reason.source
                && (body.directory ?? file.directory) == file.directory
        }
        guard let file = files.first else {
            throw WireError(.notFound, "NOT_FOUND", "'\(name)' is not in the quarantine")
        }
        let excerpt = try QuarantineExcerpt(of: file)
        return Reply(payload: [excerpt.bytes]) { writer in
            write(file, to: &writer)
            writer.field("size", excerpt.size)
            writer.field("excerpt_offset", excerpt.offset)
            writer.field("excerpt_line", excerpt.firstLine)
        }
    }

    private static func write(_ file: Quarantine.File, to writer: inout JSONWriter) {
        writer.field("directory", file.directory)
        writer.field("name", file.reason.name)
        writer.field("path", file.reason.path)
        writer.field("source", file.reason.source)
        writer.field("code", file.reason.code)
        writer.field("format", file.reason.format)
        writer.field("position", file.reason.position)
        writer.field("message", file.reason.message)
        writer.field("hint", file.reason.hint)
        writer.field("attempts", file.reason.attempts)
        writer.field("time", file.reason.time.description)
    }

    private static func reply(
        _ done: StaticString, _ answers: [QuarantineAnswer], _ page: Quarantine.Page, _ missing: [String]
    ) -> Reply {
        var names: [String] = []
        var missing = missing
        var failed: [String] = []
        for answer in answers {
            switch answer.outcome {
            case .done: names.append(answer.name)
            case .missing: missing.append(answer.name)
            case .failed(let reason): failed.append("\(answer.name): \(reason)")
            }
        }
        return Reply { writer in
            writer.array(done, names)
            writer.array("missing", missing)
            writer.array("failed", failed)
            writer.field("next", page.next)
        }
    }
}
