import Articles
import HTTP
import Messaging

extension Site {
    /// Searching, and the searches that are saved.
    static let searchPageRoutes: [Route] = [
        .get("/search", Site.searchPage),
        .get("/searches", Site.searchesPage),
    ]

    /// `/search`: the form and what was found.
    func searchPage(_ request: HTTP.Request, _: String) throws -> Response {
        let question = try SearchQuestion(request)
        let token = formToken(for: SearchesPage.action, request)
        guard !question.text.isEmpty else { return html(SearchPage.render(question, .nothingAsked, token: token)) }
        do {
            let found = try JSONValue(json: hits(question))
            return html(SearchPage.render(question, .found(found), token: token))
        } catch let problem as Problem {
            let offset = problem.fields["offset"]?.integerValue.map { Int(clamping: $0) }
            return html(
                SearchPage.render(question, .problem(problem.detail, offset: offset), token: token),
                status: problem.status)
        }
    }

    /// `/searches`: the saved searches with their last matches.
    func searchesPage(_ request: HTTP.Request, _: String) throws -> Response {
        let token = formToken(for: SearchesPage.action, request)
        do {
            let reply = try search.ask("SAVED") { writer in
                writer.field("action", "list")
                writer.field("after", request.query("after"))
            }
            let listed = try JSONValue(json: reply.json)["searches"]?.arrayValue ?? []
            let shown = listed.prefix(SearchesPage.limit).map(saved)
            return html(
                SearchesPage.render(
                    shown, next: listed.count > shown.count ? shown.last?.name : nil, problem: nil, token: token))
        } catch {
            guard let problem = Site.problem(of: error) as? Problem else { throw error }
            return html(
                SearchesPage.render([], next: nil, problem: problem.detail, token: token), status: problem.status)
        }
    }

    private func saved(_ search: JSONValue) -> SearchesPage.Saved {
        let query = search["q"]?.stringValue ?? ""
        let question = SearchQuestion(text: query, limit: SearchesPage.matches, sort: "arrival")
        return SearchesPage.Saved(
            name: search["name"]?.stringValue ?? "", query: query,
            created: search["created"]?.stringValue.flatMap { Timestamp($0) },
            results: (try? hits(question)).flatMap { try? JSONValue(json: $0) })
    }
}
