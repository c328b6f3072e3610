import Glibc
import Messaging
import Synchronization
import ZeroMQ

/// Where a Dropwire is: the log that is read, and the status service that results and heartbeats go to.
///
/// A value may be shared by any number of streams and workers; they share its sockets' threads. Nothing is connected before
/// it is used, and a server that is away is waited for.
public struct Connection: Sendable {
    /// The addresses of one log; where one does not answer the next is tried.
    public let log: [String]
    /// The addresses of the status service's `report` socket, as alternatives.
    public let status: [String]
    private let shared: SharedContext

    /// The addresses of the default configuration.
    public static let standardLog = "tcp://127.0.0.1:8472"
    /// The address of the status service in the default configuration.
    public static let standardStatus = "ipc:///run/dropwire/status/report.sock"

    /// Names the addresses; what is not given comes from the environment.
    ///
    /// - Parameters:
    ///   - log: `tcp://HOST:PORT` or `ipc:///PATH`; nil is what `DROPWIRE_LOG` says, else ``standardLog``.
    ///   - status: nil is what `DROPWIRE_STATUS` says, else ``standardStatus``.
    ///   - keys: for servers that ask for a key; nil is what `DROPWIRE_KEY` and `DROPWIRE_KNOWN_SERVERS` name, else none.
    public init(log: [String]? = nil, status: [String]? = nil, keys: Keys? = nil) {
        self.log = log ?? Connection.addresses("DROPWIRE_LOG") ?? [Connection.standardLog]
        self.status = status ?? Connection.addresses("DROPWIRE_STATUS") ?? [Connection.standardStatus]
        precondition(!self.log.isEmpty && !self.status.isEmpty, "a connection has an address of each server")
        shared = SharedContext(keys ?? Keys.ofEnvironment)
    }

    /// The context of all sockets on this connection.
    func context() throws(ZeroMQError) -> Context { try shared.context() }

    /// Addresses with spaces or commas between them.
    private static func addresses(_ variable: String) -> [String]? {
        guard let value = getenv(variable) else { return nil }
        let words = String(cString: value).split { $0 == " " || $0 == "," }.map(String.init)
        return words.isEmpty ? nil : words
    }
}

/// A context that is made when it is first needed.
private final class SharedContext: Sendable {
    private let keys: Keys?
    private let made = Mutex<Context?>(nil)

    init(_ keys: Keys?) { self.keys = keys }

    func context() throws(ZeroMQError) -> Context {
        try made.withLock { (made) throws(ZeroMQError) in
            if let made { return made }
            let new = try Context(Security(keys?.settings ?? Security.Settings()))
            made = new
            return new
        }
    }
}
