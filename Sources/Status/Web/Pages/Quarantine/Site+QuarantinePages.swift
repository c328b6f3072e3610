import Articles
import HTTP
import Messaging

extension Site {
    /// What lies in quarantine.
    static let quarantinePageRoutes: [Route] = [
        .get("/quarantine", Site.quarantineList),
        .get("/quarantine/{name}", Site.quarantinePage),
    ]

    /// `/quarantine`: all of it, the last first.
    func quarantineList(_ request: HTTP.Request, _: String) throws -> Response {
        let after = try request.query("after").map { text throws(Problem) in
            guard let place = StoreReader.QuarantinePlace(text) else {
                throw .badRequest("'after' is what a page of this list has said.")
            }
            return place
        }
        let (count, rows) = try store.read { reader in
            (try reader.quarantineCount(), try reader.quarantine(after: after, limit: QuarantinePage.limit))
        }
        return html(
            QuarantinePage.list(
                rows.map(StatusSnapshot.Quarantined.init), count: count,
                next: rows.count == QuarantinePage.limit ? rows.last?.place.text : nil, isFirst: after == nil,
                token: formToken(for: QuarantinePage.action, request)))
    }

    /// `/quarantine/{name}`: one file, with the place that is the cause.
    func quarantinePage(_ request: HTTP.Request, _ name: String) throws -> Response {
        let stream = request.query("stream").flatMap { StreamID($0) }
        let rows = try store.read { reader in
            try reader.quarantine(path: name, directory: request.query("directory"), stream: stream)
        }
        var file = QuarantinedFile(name: name, directory: request.query("directory"), stream: stream)
        if let row = rows.first {
            let record = (try? JSONValue(json: row.record)) ?? .null
            file.record = record
            file.stream = row.stream
            file.directory = record["directory"]?.stringValue
        }
        do throws(Problem) {
            try ask(about: &file)
        } catch {
            // Of a file whose parts alone were kept there is nothing under its own name.
            if error.status == 404, file.record == nil {
                return html(QuarantinePage.missing(error.detail), status: 404)
            }
            if error.status != 404 || file.parts.isEmpty { file.problem = error.detail }
        }
        return html(
            QuarantinePage.render(file, token: formToken(for: QuarantinePage.action, request)),
            status: file.problem == nil ? 200 : 503)
    }

    private func ask(about file: inout QuarantinedFile) throws(Problem) {
        let json = Reply { writer in
            writer.field("action", "show")
            writer.array("names", [file.name])
            writer.field("source", file.record?["source"]?.stringValue)
            writer.field("directory", file.directory)
        }.json
        let reply = try watchers.ask("QUARANTINE", stream: file.stream, directory: file.directory, json: json)
        file.reason = try? JSONValue(json: reply.json)
        file.excerpt = reply.payload.first ?? []
        if file.directory == nil { file.directory = file.reason?["directory"]?.stringValue }
    }
}
