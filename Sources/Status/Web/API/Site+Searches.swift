import Articles
import FoundationEssentials
import HTTP
import Messaging

extension Site {
    /// Searches that the index keeps, and stories.
    static let searchRoutes: [Route] = [
        .get("/api/v1/search", Site.searchAnswer),
        .get("/api/v1/searches", Site.savedSearches).adding("POST", Site.changeSavedSearches),
        .get("/api/v1/searches/{name}", Site.savedSearch).adding("DELETE", Site.removeSavedSearch),
        .get("/api/v1/searches/{name}/matches", Site.savedSearchMatches),
        .get("/api/v1/stories/{id}", Site.story),
    ]

    /// `/api/v1/search`: what the index answers.
    func searchAnswer(_ request: HTTP.Request, _: String) throws -> Response {
        .json(try hits(SearchQuestion(request)))
    }

    /// What the index answers to a search; its refusals are problems.
    func hits(_ question: SearchQuestion) throws -> [UInt8] {
        do { return try search.search(question) } catch { throw Site.problem(of: error) }
    }

    /// What the index refuses, or that it does not answer, as a problem.
    static func problem(of error: any Error) -> any Error {
        switch error {
        case let error as SearchPool.Unavailable:
            return Problem(
                status: 503, detail: "Search is not available: \(error.reason).", headers: [("Retry-After", "2")])
        case let error as WireError:
            let status = [400, 404, 413, 503].contains(error.code) ? error.code : 502
            return Problem(
                status: status, detail: error.message, fields: error.fields,
                headers: status == 503 ? [("Retry-After", "2")] : [])
        default: return error
        }
    }

    // MARK: Saved searches

    /// `/api/v1/searches`: by name.
    func savedSearches(_ request: HTTP.Request, _: String) throws -> Response {
        let after = try request.text("cursor", atMost: 40)
        let answer = try askSaved("list") { $0.field("after", after) }
        return ListReply(next: answer["next"]?.stringValue).response(to: request) { writer in
            writer.array("searches", answer["searches"]?.arrayValue ?? []) { $1.write(to: &$0) }
        }
    }

    /// `/api/v1/searches/{name}`: one of them.
    func savedSearch(_ request: HTTP.Request, _ name: String) throws -> Response {
        var writer = JSONWriter(capacity: 512)
        try savedEntry(name).write(to: &writer)
        return .json(writer.bytes)
    }

    /// The query of a saved search.
    func savedSearch(_ name: String) throws -> String { try savedEntry(name)["q"]?.stringValue ?? "" }

    /// `/api/v1/searches/{name}/matches`: what it finds now, the last that came in first.
    func savedSearchMatches(_ request: HTTP.Request, _ name: String) throws -> Response {
        var question = SearchQuestion(
            text: try savedSearch(name), limit: try request.number("limit", in: 1...200) ?? 20, sort: "arrival")
        question.cursor = try request.text("cursor")
        return try list(hits(question), request)
    }

    /// An answer of the index with the way to the next page.
    private func list(_ answer: [UInt8], _ request: HTTP.Request) throws -> Response {
        let found = try JSONValue(json: answer)
        guard case .object(let members) = found else { return .json(answer) }
        return ListReply(next: found["next"]?.stringValue).response(to: request) { writer in
            for (name, value) in members.sorted(by: { $0.key < $1.key }) where name != "next" {
                writer.key(text: name)
                value.write(to: &writer)
            }
        }
    }

    private struct SavedBody: Decodable {
        var action: String?
        var name: String
        var q: String?
    }

    /// POST to `/api/v1/searches`: saves a search, in the place of one of its name, or forgets one.
    func changeSavedSearches(_ request: HTTP.Request, _: String) throws -> Response {
        var (action, name, text): (String?, String, String?)
        var isForm = false
        switch try ActionBody(request) {
        case .form(let fields):
            isForm = true
            action = fields.first { $0.name == "action" }?.value
            name = fields.first { $0.name == "name" }?.value ?? ""
            text = fields.first { $0.name == "q" }?.value
        case .json(let data):
            let body = try ActionBody.decode(SavedBody.self, data)
            (action, name, text) = (body.action, body.name, body.q)
        }
        guard Topic.isPart(name) else {
            throw Problem.badRequest("'name' is 1 to 40 of a-z, 0-9, '.', '_' and '-'.", parameter: "name")
        }
        switch action ?? "save" {
        case "remove":
            _ = try askSaved("remove") { $0.field("name", name) }
            return isForm ? Site.redirect(to: "/searches") : Response(status: 204)
        case "save":
            guard let text, !text.isEmpty, text.utf8.count <= 4096 else {
                throw Problem.badRequest("'q' is a search of 1 to 4,096 bytes.", parameter: "q")
            }
            let answer = try askSaved("add") { writer in
                writer.field("name", name)
                writer.field("q", text)
            }
            guard !isForm else { return Site.redirect(to: "/searches") }
            var writer = JSONWriter(capacity: 512)
            try savedEntry(name).write(to: &writer)
            var response = Response.json(writer.bytes, status: answer["replaced"] == .boolean(true) ? 200 : 201)
            response.addHeader("Location", "/api/v1/searches/\(name)")
            return response
        default: throw Problem.badRequest("'action' is save or remove.", parameter: "action")
        }
    }

    /// DELETE of `/api/v1/searches/{name}`.
    func removeSavedSearch(_ request: HTTP.Request, _ name: String) throws -> Response {
        guard Topic.isPart(name) else { throw Problem.notFound("There is no saved search of this name.") }
        _ = try askSaved("remove") { $0.field("name", name) }
        return Response(status: 204)
    }

    private func savedEntry(_ name: String) throws -> JSONValue {
        guard Topic.isPart(name) else { throw Problem.notFound("There is no saved search of this name.") }
        // The index lists what stands behind a text: this is the greatest one before the name, whose letters are no tilde.
        let before = name.dropLast() + String(UnicodeScalar(name.utf8.last! - 1)) + "~"
        let answer = try askSaved("list") { $0.field("after", String(before)) }
        guard let search = answer["searches"]?.arrayValue?.first, search["name"]?.stringValue == name else {
            throw Problem.notFound("There is no saved search of this name.")
        }
        return search
    }

    private func askSaved(_ action: String, _ body: (inout JSONWriter) -> Void) throws -> JSONValue {
        do {
            let reply = try search.ask("SAVED") { writer in
                writer.field("action", action)
                body(&writer)
            }
            return try JSONValue(json: reply.json)
        } catch {
            throw Site.problem(of: error)
        }
    }

    // MARK: Stories

    /// `/api/v1/stories/{id}`: the articles of a story, the last that came in first.
    func story(_ request: HTTP.Request, _ id: String) throws -> Response {
        guard let story = ArticleID(id) else {
            throw Problem.notFound("A story's id is that of its first article: 32 hexadecimal digits in lower case.")
        }
        var question = SearchQuestion(
            text: "story:\(story)", limit: try request.number("limit", in: 1...200) ?? 50, sort: "arrival")
        question.cursor = try request.text("cursor")
        return try list(hits(question), request)
    }
}
