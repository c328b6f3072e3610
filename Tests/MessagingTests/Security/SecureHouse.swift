import Articles
import Linux
import Synchronization
import TestSupport
import ZeroMQ

@testable import Messaging

/// A log and servers of commands that ask for keys, and the keys of their clients, in a scratch directory.
final class SecureHouse {
    let directory: ScratchDirectory
    /// The keys of the servers' machine.
    let serverKeys: CurveKeyPair
    let security: Security
    let context: Context
    let log: LogHouse
    let authenticator: RunningService
    private var servers: [RunningService] = []

    /// Opens everything.
    ///
    /// - Parameters:
    ///   - list: the text of `authorized_keys`; nil for no list.
    ///   - loopback: what tcp on loopback asks.
    init(list: String? = "", loopback: LoopbackAccess = .keys) throws {
        directory = try ScratchDirectory()
        serverKeys = try CurveKeyPair()
        try KeyFile.write(serverKeys, to: directory.path("key"))
        var settings = Security.Settings()
        settings.keyFile = directory.path("key")
        settings.loopback = loopback
        if let list {
            try directory.write(list, to: "authorized_keys")
            settings.authorizedKeys = directory.path("authorized_keys")
        }
        security = Security(settings)
        try security.load()
        context = try Context(security)
        authenticator = try RunningService(Authenticator(context: context, security: security))
        log = try LogHouse(directory: directory, context: context) { configuration in
            configuration.feed.append(try! Endpoint(binding: "tcp://127.0.0.1:*"))
        }
    }

    deinit {
        for server in servers { server.stop() }
        log.stop()
        authenticator.stop()
    }

    var logAddress: String { log.tcpEndpoint }
    var feedAddress: String { log.server.addresses.feed[1] }

    /// Serves a command of a domain on loopback; returns its address.
    func serve(_ command: String, as domain: AccessDomain) throws -> String {
        let server = try CommandServer(
            name: domain.rawValue, context: context, endpoints: [Endpoint(binding: "tcp://127.0.0.1:*")],
            domain: domain
        ) { [command: { _ in Reply() }] }
        servers.append(try RunningService(server))
        return server.addresses[0]
    }

    /// Writes the list anew and has it read.
    func authorize(_ list: String) throws {
        try directory.write(list, to: "authorized_keys")
        try security.reload()
    }
}

/// The keys of another machine, and a context with them.
final class SecureClient {
    let directory: ScratchDirectory
    let keys: CurveKeyPair
    let context: Context

    /// Makes the keys of a machine that knows one server on loopback by some keys.
    init(knows serverKeys: [String]) throws {
        directory = try ScratchDirectory()
        keys = try CurveKeyPair()
        try KeyFile.write(keys, to: directory.path("key"))
        var settings = Security.Settings()
        settings.keyFile = directory.path("key")
        settings.knownServers = directory.path("known_servers")
        settings.loopback = .keys
        context = try Context(Security(settings))
        try know(serverKeys)
    }

    /// Writes the list of servers anew.
    func know(_ serverKeys: [String]) throws {
        try directory.write(serverKeys.map { "127.0.0.1 \($0)\n" }.joined(), to: "known_servers")
    }

    /// The line of `authorized_keys` that lets it in.
    func line(_ roles: String) -> String { "curve \(keys.publicKey) desk \(roles)\n" }

    /// Asks a server and returns its answer, or what came of it.
    func ask(_ address: String, _ command: String = "PING", _ json: String = "{}") throws -> Reply {
        try CommandClient(context: context, endpoints: [address]).request(
            command, json: Array(json.utf8), deadline: .seconds(10))
    }

    /// The code of the refusal of a request; nil where it was answered.
    func refusal(_ address: String, _ command: String, _ json: String = "{}") throws -> Int? {
        do {
            _ = try ask(address, command, json)
            return nil
        } catch let error as WireError {
            return error.code
        }
    }
}
