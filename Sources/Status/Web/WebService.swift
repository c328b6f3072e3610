import HTTP
import Lifecycle
import Linux
import Synchronization
import Telemetry
package import ZeroMQ

/// Serves the page and the API over HTTP, from read-only connections to the store.
///
/// The store must have its tables when it starts: it comes after ``StatusService``.
package final class WebService: Service {
    /// Where it listens and whom it asks.
    package struct Settings: Sendable {
        /// The store's file.
        package var databasePath: String
        /// Where it is served, who may ask and how much; port 0 takes a free one.
        package var configuration: Configuration
        /// The socket of the file system; empty where there is none.
        package var socket = ""
        /// Where the index answers SEARCH, as alternatives; none where there is no index.
        package var search: [String]
        /// Requests that are answered at the same time.
        package var threads = 4
        /// Clients that are not limited one by one, beside the proxies.
        var unlimited = AddressRange.loopback

        /// Makes settings.
        package init(databasePath: String, configuration: Configuration, search: [String]) {
            self.databasePath = databasePath
            self.configuration = configuration
            self.search = search
        }
    }

    package let name = "http"
    private let context: Context
    private let settings: Settings
    private let board: StatusBoard
    private let failures: FailureDesk
    private let tokens: TokenKeeper
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)
    private let isReloading = Atomic<Bool>(false)
    private let shown = Mutex<[String]>([])
    private let logger = Logger(label: "http")

    /// Makes the service.
    ///
    /// - Parameter failures: where it hands in what is to be done with failures.
    /// - Throws: ``TokenProblem`` where the list of tokens cannot be used.
    package init(context: Context, settings: Settings, board: StatusBoard, failures: FailureDesk) throws {
        self.context = context
        self.settings = settings
        self.board = board
        self.failures = failures
        tokens = try TokenKeeper(path: settings.configuration.tokens, board: board)
        bell = try WakeUp()
    }

    /// The page's addresses, once it is served: without TLS, then with TLS, then the socket's path.
    package var addresses: [String] { shown.withLock { $0 } }
    /// The page's address without TLS, once it is served.
    package var address: String { addresses.first ?? "" }

    package func drain() {
        isDraining.store(true, ordering: .relaxed)
        bell.ring()
    }

    /// Reads tokens and certificate again, soon. What cannot be used changes nothing, and is told in the log.
    package func reload() {
        isReloading.store(true, ordering: .relaxed)
        bell.ring()
    }

    package func run(started: @Sendable () -> Void) throws {
        let events = try EventHub(databasePath: settings.databasePath)
        let site = try makeSite(events)
        let server = try Server(configuration: serverConfiguration) { site.answer($0) }
        let sender = try SystemThread(name: "events") { events.run { try site.moment() } }
        tokens.whenRemoved { events.dismissAll() }
        site.server.withLock { $0 = server }
        // Each would keep the other.
        defer { site.server.withLock { $0 = nil } }
        let addresses = server.endpoints.map(WebService.shown)
        shown.withLock { $0 = addresses }
        board.setEndpoints("http", addresses)
        started()
        while !isDraining.load(ordering: .relaxed) {
            _ = Poll.readable([bell.descriptor], timeout: tokens.isConfigured ? .seconds(1) : nil)
            bell.silence()
            // Also where nobody asks for anything: event streams stay open.
            _ = tokens.list
            guard isReloading.exchange(false, ordering: .relaxed) else { continue }
            tokens.reload()
            reloadCertificate(server)
        }
        server.stop()
        events.drain()
        sender.join()
    }

    private func reloadCertificate(_ server: Server) {
        guard !settings.configuration.https.isEmpty else { return }
        do throws(ServerError) {
            try server.reloadCertificate()
            board.setTrouble("certificate", nil)
            logger.notice("The certificate was read again.", [.path: settings.configuration.certificate])
        } catch {
            board.setTrouble("certificate", "the certificate was not read again, the old one holds: \(error)")
            logger.error(.certificateNotReloaded, [.error: "\(error)"])
        }
    }

    private func makeSite(_ events: EventHub) throws -> Site {
        let configuration = settings.configuration
        let hosts = HostCheck(names: configuration.hosts)
        var access = Doorkeeper.Settings()
        access.proxies = proxies
        access.isSocketProxy = configuration.proxies.contains(.socket)
        access.isLoopbackOpen = configuration.loopback == .open
        access.requests = configuration.limits.requests
        // Without tokens nobody signs in.
        let seal = tokens.isConfigured ? try SessionSeal(path: folder + "sessions.key") : nil
        return try Site(
            board: board,
            store: StorePool(path: settings.databasePath, count: settings.threads, board: board),
            search: SearchPool(context: context, endpoints: settings.search, count: settings.threads),
            groupDesk: GroupDesk(context: context, board: board),
            watchers: WatcherDesk(context: context, board: board), failureDesk: failures,
            doorkeeper: Doorkeeper(settings: access, hosts: hosts, tokens: tokens, seal: seal),
            events: events, hosts: hosts)
    }

    /// The directory of the store, with a closing slash.
    private var folder: String {
        settings.databasePath.lastIndex(of: "/").map { String(settings.databasePath[...$0]) } ?? ""
    }

    private var proxies: [AddressRange] {
        settings.configuration.proxies.compactMap { proxy in
            guard case .addresses(let range) = proxy else { return nil }
            return range
        }
    }

    private var serverConfiguration: Server.Configuration {
        let own = settings.configuration
        var configuration = Server.Configuration()
        configuration.listeners =
            [.tcp(address: own.http.host, port: own.http.port)]
            + own.https.map { .tls(address: $0.host, port: $0.port) }
        if !settings.socket.isEmpty { configuration.listeners.append(.unix(path: settings.socket)) }
        if !own.https.isEmpty {
            configuration.certificate = CertificateFiles(certificate: own.certificate, key: own.key)
        }
        configuration.threads = settings.threads
        configuration.maximumBodyBytes = 64 << 10
        configuration.refusal = { status, sentence in Site.refusal(status, sentence) }
        configuration.connectionLimit = own.limits.connections
        configuration.connectionLimitPerAddress = min(own.limits.connectionsPerAddress, own.limits.connections)
        configuration.connectionsKeptForLocal = own.limits.keptForLocal
        configuration.rateLimit = own.limits.requests
        configuration.rateLimit?.exemptsLocal = false
        // A proxy brings the requests of many; its clients are limited where they are known.
        configuration.unlimited = settings.unlimited + proxies
        return configuration
    }

    private static func shown(_ endpoint: Endpoint) -> String {
        switch endpoint {
        case .tcp: "http://\(endpoint)/"
        case .tls: "https://\(endpoint)/"
        case .unix(let path, _): "unix:\(path)"
        }
    }
}
