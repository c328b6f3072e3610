import Glibc
import Linux
import Synchronization
import Telemetry
package import ZeroMQ

/// The keys of a process: its own, those that its servers admit, and those of the servers that its clients connect to.
///
/// It is the attachment of the process's context, so that whoever makes a socket there finds it. Safe on any thread.
package final class Security: Sendable {
    /// What the configuration says.
    package struct Settings: Sendable, Equatable {
        /// The file with the secret key, or the name of a credential with it.
        package var keyFile = ""
        package var credential = ""
        package var authorizedKeys = ""
        package var knownServers = ""
        package var loopback = LoopbackAccess.open

        package init() {}

        /// There is something to ask of peers.
        package var isActive: Bool { !keyFile.isEmpty || !credential.isEmpty || !authorizedKeys.isEmpty }
    }

    /// What was read last.
    private struct State {
        var pair: CurveKeyPair?
        var list = AuthorizedKeys()
        /// What was decided by this list.
        var decided: [String: AccessRoles] = [:]
        /// Who was let in, by domain.
        var admitted: [AccessDomain: Set<String>] = [:]
        /// How often whoever is connected has to be let go, by domain.
        var rebinds: [AccessDomain: Int] = [:]
        var listeners: [@Sendable () -> Void] = []
    }

    package let settings: Settings
    private let state = Mutex(State())
    private let logger = Logger(label: "security")
    /// More identities than these are not remembered: then everybody counts as admitted.
    private static let capacity = 10_000

    /// Makes the keys of a process; reads nothing yet, so that a tool that needs none may be run by anybody.
    package init(_ settings: Settings) { self.settings = settings }

    /// Reads the key and the list of a server.
    package func load() throws(SecurityProblem) {
        let pair = try KeyFile.read(file: settings.keyFile, credential: settings.credential)
        let list =
            settings.authorizedKeys.isEmpty ? AuthorizedKeys() : try AuthorizedKeys(path: settings.authorizedKeys)
        state.withLock { state in
            state.pair = pair
            state.list = list
            state.decided.removeAll()
        }
    }

    // MARK: Servers

    /// The key of the process; read where it was not yet.
    package func pair() throws(SecurityProblem) -> CurveKeyPair {
        if let pair = state.withLock({ $0.pair }) { return pair }
        guard let pair = try KeyFile.read(file: settings.keyFile, credential: settings.credential) else {
            throw SecurityProblem(
                description: "there is no key: make one with `dropwire keygen FILE`, and set [security] key_file")
        }
        state.withLock { $0.pair = pair }
        return pair
    }

    /// Whoever connects to the endpoint needs a key.
    func needsKey(_ endpoint: Endpoint) -> Bool {
        endpoint.isBeyondMachine || endpoint.tcpHost != nil && settings.loopback == .keys
    }

    /// What a peer may do, by the text that its handshake left with its messages.
    func roles(ofUser userID: String) -> AccessRoles {
        state.withLock { state in
            if let roles = state.decided[userID] { return roles }
            let roles = PeerIdentity(userID: userID).map { Security.roles($0, state.list, state.pair) } ?? []
            if state.decided.count >= Security.capacity { state.decided.removeAll() }
            state.decided[userID] = roles
            return roles
        }
    }

    /// Lets a peer in, or does not; remembers whom it let in.
    func admits(_ identity: PeerIdentity, to domain: AccessDomain) -> Bool {
        let userID = identity.userID
        guard !roles(ofUser: userID).isDisjoint(with: domain.entrance) else { return false }
        state.withLock { state in
            if state.admitted[domain, default: []].count < Security.capacity {
                state.admitted[domain, default: []].insert(userID)
            }
        }
        return true
    }

    /// How often the sockets of a domain have had to let everybody go.
    func rebinds(of domain: AccessDomain) -> Int { state.withLock { $0.rebinds[domain] ?? 0 } }

    /// Calls `body` whenever the keys were read again: whoever serves looks whether it concerns it.
    package func whenReloaded(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.listeners.append(body) } }

    /// Reads key and list again. Who is no longer admitted loses the connection; with another key all do, and come back
    /// if they know it.
    ///
    /// - Throws: what is wrong; what was read before holds then.
    package func reload() throws(SecurityProblem) {
        guard settings.isActive else { return }
        let pair = try KeyFile.read(file: settings.keyFile, credential: settings.credential)
        let list =
            settings.authorizedKeys.isEmpty ? AuthorizedKeys() : try AuthorizedKeys(path: settings.authorizedKeys)
        let (listeners, gone) = state.withLock { state in
            let isOtherKey = state.pair != pair
            state.pair = pair
            state.list = list
            state.decided.removeAll()
            var gone: [String] = []
            for domain in AccessDomain.allCases {
                let admitted = state.admitted[domain] ?? []
                let lost = admitted.filter { userID in
                    let roles = PeerIdentity(userID: userID).map { Security.roles($0, list, pair) } ?? []
                    return roles.isDisjoint(with: domain.entrance)
                }
                guard isOtherKey || !lost.isEmpty || admitted.count >= Security.capacity else { continue }
                state.rebinds[domain, default: 0] += 1
                state.admitted[domain] = []
                gone += lost.map { "\($0) (\(domain.rawValue))" }
            }
            return (state.listeners, gone)
        }
        logger.notice(
            "Keys were read again.",
            [.count: "\(list.keys.count)", .connectionsEnded: gone.isEmpty ? "none" : gone.joined(separator: "; ")])
        for listener in listeners { listener() }
    }

    /// The name of a key in the list.
    func name(of identity: PeerIdentity) -> String? {
        guard case .key(let key) = identity else { return nil }
        return state.withLock { $0.list.keys[key]?.name }
    }

    private static func roles(_ identity: PeerIdentity, _ list: AuthorizedKeys, _ pair: CurveKeyPair?) -> AccessRoles {
        // Whoever has the key of this machine could be its servers themselves.
        if case .key(let key) = identity, key == pair?.publicKey { return .all }
        return list.roles(of: identity)
    }

    // MARK: Clients

    /// The keys that the server of an endpoint may have, in the order in which to try them; none where it needs none.
    ///
    /// The list is read each time: connections are few, and what was added is then known.
    func serverKeys(of endpoint: Endpoint) throws(SecurityProblem) -> [String] {
        guard endpoint.tcpHost != nil else { return [] }
        let isBeyond = endpoint.isBeyondMachine
        let list = settings.knownServers.isEmpty ? KnownServers() : try KnownServers(path: settings.knownServers)
        let keys = list.keys(of: endpoint)
        if !keys.isEmpty { return keys }
        // On loopback the other side is this machine, which has one key.
        guard isBeyond else { return settings.loopback == .keys ? [try pair().publicKey] : [] }
        let address = endpoint.description.dropFirst(6)
        let place =
            settings.knownServers.isEmpty
            ? "set [security] known_servers to a file with the line" : "add to '\(settings.knownServers)' the line"
        throw SecurityProblem(
            description: "connect to '\(endpoint)': the key of this server is not known; \(place) '\(address) KEY' "
                + "(on its machine, `dropwire keygen --public KEY_FILE` prints KEY)")
    }
}

extension Context {
    /// Makes a context whose sockets find `security`.
    package convenience init(_ security: Security) throws(ZeroMQError) { try self.init(attachment: security) }

    /// The keys of the process; nil where nobody gave it any.
    package var security: Security? { attachment as? Security }
}
