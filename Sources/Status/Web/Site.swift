import Articles
import HTTP
import Messaging
import Synchronization
import Telemetry

/// Answers every HTTP request: the checks that all have in common, the routes, and the headers of the answers.
final class Site: Sendable {
    let board: StatusBoard
    let store: StorePool
    let search: SearchPool
    private let hosts: HostCheck
    private let assets = Asset.all
    private let recent = Mutex<(at: ContinuousClock.Instant, snapshot: StatusSnapshot)?>(nil)
    private let logger = Logger(label: "http")

    init(board: StatusBoard, store: StorePool, search: SearchPool, hosts: [String]) {
        self.board = board
        self.store = store
        self.search = search
        self.hosts = HostCheck(names: hosts)
    }

    /// Answers a request.
    func answer(_ request: HTTP.Request) -> Response {
        var response: Response
        do {
            response = try route(request)
        } catch let problem as Problem {
            response = problem.response
        } catch {
            logger.error("A request failed.", ["path": request.rawPath, "error": "\(error)"])
            response = Problem(status: 500, detail: "The store could not be read.").response
        }
        for (name, value) in Site.headers { response.addHeader(name, value) }
        if !response.headers.contains(where: { $0.name == "Cache-Control" }) {
            response.addHeader("Cache-Control", "no-store")
        }
        return response
    }

    // No script, style or picture but our own, and nothing in a frame: what an article says stays text.
    private static let headers: [(String, String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
                + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]

    private func route(_ request: HTTP.Request) throws -> Response {
        guard hosts.allows(request.header("Host")) else {
            throw Problem(status: 421, detail: "This service is not called by that name.")
        }
        guard let answer = try handler(of: request.path) else {
            throw Problem.notFound("There is nothing at this path.")
        }
        guard request.method == "GET" || request.method == "HEAD" else {
            throw Problem(
                status: 405, detail: "This path is only read.", headers: [("Allow", "GET, HEAD")])
        }
        return try answer(request)
    }

    private typealias Answer = (HTTP.Request) throws -> Response

    private func handler(of path: String) throws -> Answer? {
        switch path {
        case "/": return { _ in self.html(PageRenderer.overview(try self.snapshot())) }
        case "/search": return searchPage
        case "/healthz": return { _ in try self.health() }
        case "/api/v1/status": return { _ in .json(try self.snapshot().json) }
        case "/api/v1/directories": return { _ in .json(self.directories()) }
        case "/api/v1/articles": return { .json(try self.articles($0)) }
        case "/api/v1/search": return { .json(try self.hits(SearchQuestion($0))) }
        case "/api/v1/quarantine": return { .json(try self.quarantine($0)) }
        case "/api/v1/why": return { .json(try self.why($0)) }
        default: break
        }
        if let asset = assets[path] { return { asset.response(to: $0) } }
        if let id = Site.last(of: path, after: "/api/v1/articles/") {
            return { _ in .json(try self.article(id)) }
        }
        if let id = Site.last(of: path, after: "/articles/") { return { _ in try self.articlePage(id) } }
        return nil
    }

    /// The one component that follows `prefix`.
    private static func last(of path: String, after prefix: String) -> String? {
        guard path.hasPrefix(prefix) else { return nil }
        let rest = path.dropFirst(prefix.count)
        return rest.isEmpty || rest.contains("/") ? nil : String(rest)
    }

    /// The moment's snapshot; one a fifth of a second serves all who look.
    func snapshot() throws -> StatusSnapshot {
        let now = ContinuousClock.now
        if let known = recent.withLock({ $0 }), now - known.at < .milliseconds(200) { return known.snapshot }
        let made = try store.read { try StatusSnapshot($0, board) }
        recent.withLock { $0 = (now, made) }
        return made
    }

    private func health() throws -> Response {
        let illnesses = board.illnesses()
        guard illnesses.isEmpty else {
            throw Problem(status: 503, detail: illnesses.map(\.text).joined(separator: "; "))
        }
        // A store that cannot be read is as good as gone.
        _ = try store.read { try $0.totals() }
        return .json(Array("{\"status\":\"ok\"}".utf8))
    }

    func html(_ bytes: [UInt8], status: Int = 200) -> Response {
        Response(status: status, contentType: "text/html; charset=utf-8", body: bytes)
    }
}
