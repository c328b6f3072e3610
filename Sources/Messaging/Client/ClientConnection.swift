import ZeroMQ

/// A connecting socket with its keys, and what came of its handshakes. It belongs to the thread that made it.
///
/// Where a server may have one of several keys, the next one is taken after a failure.
final class ClientConnection {
    private(set) var socket: Socket
    private let monitor: HandshakeMonitor
    private let endpoint: Endpoint
    private let hasKey: Bool
    /// A handshake has succeeded, and the connection has not ended since.
    private var isUp = false
    /// A connection that was up has ended since the last ``takeLoss()``.
    private var hasLost = false
    /// Handshakes that were broken off since one succeeded.
    private var broken = 0
    /// Why there is no connection, in a sentence; nil while there is nothing to say.
    private(set) var refusal: String?
    /// The connection will not come up as it is: another key, or another endpoint, may do.
    private(set) var isHopeless = false

    /// The keys that the server at `endpoint` may have: where there are several, `attempt` says which one is tried.
    ///
    /// - Throws: ``SecurityProblem`` where a key is missing on this side, `ZeroMQError`.
    init(
        _ kind: Socket.Kind, to address: String, attempt: Int, in context: Context,
        prepare: (borrowing Socket) throws -> Void = { _ in }
    ) throws {
        let endpoint: Endpoint
        do throws(Endpoint.Problem) { endpoint = try Endpoint(connecting: address) } catch {
            throw SecurityProblem(description: error.description)
        }
        let keys = try context.security?.serverKeys(of: endpoint) ?? []
        let made = try Socket(kind, in: context)
        try made.setClientDefaults()
        if endpoint.tcpHost?.hasPrefix("[") == true { try made.set(.ipv6, 1) }
        if !keys.isEmpty, let security = context.security {
            try made.setCurveClient(try security.pair(), serverKey: keys[attempt % keys.count])
        }
        try prepare(made)
        monitor = try HandshakeMonitor(made, in: context)
        try made.connect(address)
        self.endpoint = endpoint
        hasKey = !keys.isEmpty
        socket = made
    }

    /// To wait for what ``look()`` takes in.
    var handshakes: PollEntry { monitor.readable }

    /// Returns whether a connection has ended since the last call: what was sent on it and has no reply will get none.
    /// libzmq connects again by itself.
    func takeLoss() -> Bool {
        defer { hasLost = false }
        return hasLost
    }

    /// Takes in how handshakes and connections ended.
    func look() throws {
        while let outcome = try monitor.next() {
            switch outcome {
            case .succeeded:
                isUp = true
                broken = 0
                refusal = nil
            case .refused:
                isHopeless = true
                refusal = ClientConnection.advice(endpoint, hasKey)
            case .protocolError:
                isHopeless = true
                refusal =
                    hasKey
                    ? "'\(endpoint)' speaks without a key, or is no server of ZeroMQ: is it the right address?"
                    : "'\(endpoint)' wants a key, or is no server of ZeroMQ: a server's key stands in [security] "
                        + "known_servers"
            case .disconnected:
                hasLost = hasLost || isUp
                isUp = false
            case .broken:
                // A server that is just ending breaks off too; libzmq connects again by itself.
                broken += 1
                guard hasKey || broken > 2 else { continue }
                isHopeless = hasKey && broken > 1
                refusal =
                    hasKey
                    ? "'\(endpoint)' broke off the handshake: it has another key than the one in known_servers, or speaks "
                        + "without a key, or is ending"
                    : "'\(endpoint)' breaks off every handshake: it wants a key ([security] known_servers), or is ending"
            }
        }
    }

    private static func advice(_ endpoint: Endpoint, _ hasKey: Bool) -> String {
        if hasKey {
            return
                "'\(endpoint)' refused this machine's key: let its operator add it to authorized_keys there, with the "
                + "role that this needs, and reload (`dropwire keygen --public KEY_FILE` prints the key)"
        }
        return endpoint.ipcPath == nil
            ? "'\(endpoint)' refused a peer without a key"
            : "'\(endpoint)' refused this user: let the operator add a line to authorized_keys, 'uid USER ROLES' or "
                + "'gid GROUP ROLES', and reload"
    }
}
