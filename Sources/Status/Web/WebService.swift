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
        /// The address and port; port 0 takes a free one.
        package var http: HTTPAddress
        /// Where the index answers SEARCH, as alternatives; none where there is no index.
        package var search: [String]
        /// Names by which the service may be called beside loopback's own, for a proxy in front.
        package var hosts: [String] = []
        /// Requests that are answered at the same time.
        package var threads = 4

        /// Makes settings.
        package init(databasePath: String, http: HTTPAddress, search: [String]) {
            self.databasePath = databasePath
            self.http = http
            self.search = search
        }
    }

    package let name = "http"
    private let context: Context
    private let settings: Settings
    private let board: StatusBoard
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)
    private let shown = Mutex<String>("")

    /// Makes the service.
    package init(context: Context, settings: Settings, board: StatusBoard) throws {
        self.context = context
        self.settings = settings
        self.board = board
        self.bell = try WakeUp()
    }

    /// The page's address, once it is served.
    package var address: String { shown.withLock { $0 } }

    package func drain() {
        isDraining.store(true, ordering: .relaxed)
        bell.ring()
    }

    package func run(started: @Sendable () -> Void) throws {
        let site = try Site(
            board: board,
            store: StorePool(path: settings.databasePath, count: settings.threads),
            search: SearchPool(context: context, endpoints: settings.search, count: settings.threads),
            hosts: settings.hosts)
        var configuration = Server.Configuration()
        configuration.address = settings.http.host
        configuration.port = settings.http.port
        configuration.threads = settings.threads
        configuration.maximumBodyBytes = 64 << 10
        let server = try Server(configuration: configuration) { site.answer($0) }
        let address = "http://\(HTTPAddress(host: settings.http.host, port: server.port))/"
        shown.withLock { $0 = address }
        board.setEndpoints("http", [address])
        started()
        while !isDraining.load(ordering: .relaxed) { _ = Poll.readable([bell.descriptor], timeout: nil) }
        server.stop()
    }
}
