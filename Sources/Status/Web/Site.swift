import Articles
import HTTP
import Messaging
import Synchronization
import Telemetry

/// Answers every HTTP request: what it needs for that, and the headers of the answers. Its routes are ``routes``.
final class Site: Sendable {
    let board: StatusBoard
    let store: StorePool
    let search: SearchPool
    let groupDesk: GroupDesk
    let watchers: WatcherDesk
    let failureDesk: FailureDesk
    let doorkeeper: Doorkeeper
    let hosts: HostCheck
    let statistics = RequestStatistics()
    /// The server that answers through this; it is known once it serves.
    let server = Mutex<Server?>(nil)
    let events: EventHub
    private let recent = Mutex<Moment?>(nil)
    let logger = Logger(label: "http")

    init(
        board: StatusBoard, store: StorePool, search: SearchPool, groupDesk: GroupDesk, watchers: WatcherDesk,
        failureDesk: FailureDesk, doorkeeper: Doorkeeper, events: EventHub, hosts: HostCheck
    ) {
        self.board = board
        self.store = store
        self.search = search
        self.groupDesk = groupDesk
        self.watchers = watchers
        self.failureDesk = failureDesk
        self.doorkeeper = doorkeeper
        self.events = events
        self.hosts = hosts
    }

    /// Answers a request.
    func answer(_ request: HTTP.Request) -> Response {
        let start = ContinuousClock.now
        let match = Site.table.match(request.rawPath)
        var response: Response
        do {
            response = try represented(try route(request, match), for: request)
        } catch let problem as Problem {
            response = problem.response
        } catch {
            logger.error("A request failed.", [.path: request.rawPath, .error: "\(error)"])
            response = Problem(status: 500, detail: "The store could not be read.").response
        }
        Site.complete(&response)
        statistics.count(
            route: match?.route.pattern, method: request.method, code: response.status,
            duration: ContinuousClock.now - start)
        return response
    }

    /// Makes the answer to what never comes as far as ``answer(_:)``.
    static func refusal(_ status: Int, _ sentence: String) -> Response {
        var response = Problem(status: status, detail: sentence).response
        complete(&response)
        return response
    }

    /// Adds what all answers have in common.
    private static func complete(_ response: inout Response) {
        for (name, value) in headers { response.addHeader(name, value) }
        if response.header("Cache-Control") == nil {
            // What has a tag may be kept by who asked, who asks each time whether it is still so.
            response.addHeader("Cache-Control", response.header("ETag") == nil ? "no-store" : "private, no-cache")
        }
    }

    /// Gives what is read its tag, and compresses it for who takes that.
    private func represented(_ response: Response, for request: HTTP.Request) throws(Problem) -> Response {
        var response = response
        let isRead = request.method == "GET" || request.method == "HEAD"
        if isRead, response.status == 200, response.eventStream == nil, response.header("ETag") == nil,
            let type = response.header("Content-Type")
        {
            let others = response.headers.filter { $0.name != "Content-Type" }
            response = Representation(contentType: type, body: response.body).response(to: request)
            response.headers += others
        }
        guard response.status != 406 else {
            throw Problem(status: 406, detail: "This is sent as it is or with gzip, and neither is taken.")
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
        // To ourselves only, since a form of ours would else not say that it is ours.
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]

    /// The overview; one a fifth of a second serves all who look.
    func moment() throws -> Moment {
        // Under the lock: who comes while one is made waits for it, and does not make another.
        try recent.withLock { recent in
            if let recent, ContinuousClock.now - recent.at < .milliseconds(200) { return recent }
            let made = try store.read { try Moment($0, board) }
            recent = made
            return made
        }
    }

    /// The overview's content.
    func snapshot() throws -> StatusSnapshot { try moment().snapshot }

    /// Has a page asked for anew after a form: sending the form again is not what a reload is to do.
    static func redirect(to path: String) -> Response {
        Response(status: 303, headers: [.init(name: "Location", value: path)])
    }

    /// Answers with a page.
    func html(_ bytes: [UInt8], status: Int = 200) -> Response {
        Response(status: status, contentType: "text/html; charset=utf-8", body: bytes)
    }
}
