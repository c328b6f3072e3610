import Articles
import HTTP
import Linux
import Synchronization
import Telemetry

/// Finds out who sends a request and whether he may do what it asks for. Safe on any thread.
///
/// Whoever is on this machine may do everything: he came in by a socket of the file system, whose mode has let him, or by
/// loopback itself. A request that a proxy has passed on is not from this machine, wherever the proxy is; it needs a
/// token, as everything from elsewhere does.
final class Doorkeeper: Sendable {
    /// Whom it believes, and how much it bears.
    struct Settings: Sendable {
        /// Proxies: what they say of their clients is believed.
        var proxies: [AddressRange] = []
        /// So is what comes by the socket of the file system.
        var isSocketProxy = false
        /// Loopback needs no token.
        var isLoopbackOpen = true
        /// The requests of each client of a proxy; nil is without limit.
        var requests: RateLimit.Configuration?
    }

    private let settings: Settings
    private let hosts: HostCheck
    private let tokens: TokenKeeper
    private let seal: SessionSeal?
    private let forms = FormTokens()
    private let requests: Mutex<RateLimit?>
    private let failures = Mutex(RateLimit(.init(burst: 10, perSecond: 0.2)))
    /// Tokens that were shown and are none.
    let refusals = Counter()
    private let logger = Logger(label: "http")
    private static let realm = "Dropwire"

    init(settings: Settings, hosts: HostCheck, tokens: TokenKeeper, seal: SessionSeal?) {
        self.settings = settings
        self.hosts = hosts
        self.tokens = tokens
        self.seal = seal
        requests = Mutex(settings.requests.map { RateLimit($0) })
    }

    // MARK: Who it is

    /// Finds out who sends a request.
    ///
    /// - Throws: a problem where he shows a token that is none, or sends too much.
    func caller(of request: HTTP.Request) throws(Problem) -> Caller {
        var caller = stranger(request)
        if let token = request.bearerToken ?? request.basicPassword, tokens.isConfigured {
            guard let entry = tokens.list.entry(of: token) else { throw refusal(of: caller) }
            caller.evidence = .token
            caller.name = entry.name
            // A browser that has been told a password sends it along whoever has made it send something.
            caller.role = request.bearerToken == nil ? .read : entry.role
            return caller
        }
        if isOfThisMachine(request) {
            caller.evidence = .machine
            caller.role = .operate
            return caller
        }
        guard let seal else { return caller }
        let now = Clocks.wallMilliseconds() / 1000
        for session in request.cookies(Doorkeeper.cookie(isSecure: caller.isSecure)).prefix(8) {
            guard let entry = seal.entry(of: session, in: tokens.list, at: now) else { continue }
            caller.evidence = .session
            caller.name = entry.name
            caller.role = entry.role
            break
        }
        return caller
    }

    /// Somebody of whom only the place is known.
    private func stranger(_ request: HTTP.Request) -> Caller {
        let isProxied = isProxy(request)
        let named = isProxied ? request.forwardedClient(trusting: settings.proxies) : nil
        let address = named ?? NetworkAddress(request.clientAddress)
        let user = request.peer.map { "user \($0.user)" }
        return Caller(
            evidence: .none, role: .open, place: named?.description ?? user ?? request.clientAddress,
            group: address?.group ?? user ?? "",
            isSecure: request.isSecure || isProxied && request.forwardedScheme == "https",
            isProxied: isProxied)
    }

    /// Who has connected is a proxy that is believed.
    private func isProxy(_ request: HTTP.Request) -> Bool {
        guard request.peer == nil else { return settings.isSocketProxy }
        guard let address = NetworkAddress(request.clientAddress) else { return false }
        return settings.proxies.contains { $0.contains(address) }
    }

    private func isOfThisMachine(_ request: HTTP.Request) -> Bool {
        // Most proxies say of what they pass on that they do; one that does not mostly passes on the name that it was
        // called by.
        guard !request.isForwarded, !isProxy(request) else { return false }
        if request.peer != nil { return true }
        return settings.isLoopbackOpen && NetworkAddress(request.clientAddress)?.isLoopback == true
            && hosts.isLoopback(request.header("Host"))
    }

    // MARK: What he may do

    /// Lets a request pass; throws where its sender may not do what it asks for.
    func admit(_ request: HTTP.Request, for role: AccessRole) throws(Problem) {
        let caller = try caller(of: request)
        let now = ContinuousClock.now
        if caller.isProxied, let wait = requests.withLock({ $0?.take(caller.group, at: now) }) {
            throw Doorkeeper.tooMany(wait)
        }
        let isChange = request.method != "GET" && request.method != "HEAD"
        if isChange, caller.evidence == .session, request.origin != .same {
            throw Problem(status: 403, detail: "A browser that has signed in says which page it sends this from.")
        }
        guard caller.role < role else { return }
        guard caller.evidence == .none else {
            throw Problem(
                status: 403, detail: "This needs the right to \(role.word), and '\(caller.name ?? "")' may only read.",
                headers: [
                    (
                        "WWW-Authenticate",
                        "Bearer realm=\"\(Doorkeeper.realm)\", error=\"insufficient_scope\", scope=\"\(role.word)\""
                    )
                ])
        }
        guard tokens.isConfigured else {
            throw Problem(
                status: 401,
                detail: "What does not come from this machine itself needs a token, and there are none yet: "
                    + "see `dropwire token` and [status] tokens.", headers: [Doorkeeper.challenge()])
        }
        if Doorkeeper.isPage(request) {
            let next = SignInPage.escaped(isChange ? "/" : Doorkeeper.target(of: request))
            throw Problem(status: 303, detail: "Sign in first.", headers: [("Location", "/signin?next=\(next)")])
        }
        throw Problem(status: 401, detail: "This needs a bearer token.", headers: [Doorkeeper.challenge()])
    }

    /// A browser asks for something that a person looks at.
    private static func isPage(_ request: HTTP.Request) -> Bool {
        !request.path.hasPrefix("/api/") && request.headerList("Accept")?.contains("text/html") == true
    }

    /// The path and the query.
    private static func target(of request: HTTP.Request) -> String {
        let query = request.query.map { "\(SignInPage.escaped($0.name))=\(SignInPage.escaped($0.value))" }
        return request.rawPath + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    }

    private static func challenge(_ error: String? = nil) -> (name: String, value: String) {
        ("WWW-Authenticate", "Bearer realm=\"\(realm)\"" + (error.map { ", error=\"\($0)\"" } ?? ""))
    }

    private static func tooMany(_ wait: Duration) -> Problem {
        Problem(
            status: 429, detail: "There are too many requests.",
            headers: [("Retry-After", "\(max(1, Int((wait / .seconds(1)).rounded(.up))))")])
    }

    /// What is said to whoever shows a token that is none. Who does so often has to wait; that costs nobody else anything,
    /// since a token that is right is never refused.
    private func refusal(of caller: Caller) -> Problem {
        refusals.add()
        let now = ContinuousClock.now
        if let wait = failures.withLock({ $0.take(caller.group, at: now) }) { return Doorkeeper.tooMany(wait) }
        logger.warning(.tokenRefused, [.from: caller.place])
        return Problem(
            status: 401, detail: "The token is none of those that are known.",
            headers: [Doorkeeper.challenge("invalid_token")])
    }

    // MARK: Browsers

    /// There are tokens to sign in with.
    var takesTokens: Bool { tokens.isConfigured }

    /// Signs a browser in: returns its cookie.
    func signIn(_ request: HTTP.Request, token: String) throws(Problem) -> Cookie {
        let caller = stranger(request)
        guard let seal, let entry = tokens.list.entry(of: token) else { throw refusal(of: caller) }
        logger.notice("Somebody has signed in.", [.name: entry.name, .from: caller.place])
        return Cookie(
            name: Doorkeeper.cookie(isSecure: caller.isSecure),
            value: seal.session(of: entry, at: Clocks.wallMilliseconds() / 1000), lifetime: SessionSeal.lifetime,
            isSecure: caller.isSecure)
    }

    /// Signs a browser out: returns the cookie that takes its own away.
    func signOut(_ request: HTTP.Request) -> Cookie {
        let isSecure = stranger(request).isSecure
        return Cookie(
            name: Doorkeeper.cookie(isSecure: isSecure), value: "out", lifetime: .zero, isSecure: isSecure)
    }

    /// Under TLS a name that browsers take from this very host only.
    private static func cookie(isSecure: Bool) -> String { isSecure ? "__Host-dropwire" : "dropwire" }

    // MARK: Forms

    /// Makes the hidden field of a form that is sent to `path`: it is good for whoever has asked for the page, and not for
    /// another.
    func formToken(for path: String, _ request: HTTP.Request) -> String {
        forms.token(for: Doorkeeper.purpose(path, try? caller(of: request)))
    }

    /// Returns whether a form's hidden field was made here for the path and for whoever sends it.
    func isFormToken(_ token: String, for path: String, _ request: HTTP.Request) -> Bool {
        forms.isValid(token, for: Doorkeeper.purpose(path, try? caller(of: request)))
    }

    private static func purpose(_ path: String, _ caller: Caller?) -> String { "\(caller?.name ?? "") \(path)" }
}
