import ZeroMQ

/// What a bound socket asks of its peers: a domain, and the keys of its context.
struct AccessCheck {
    let domain: AccessDomain
    let security: Security?
    private var rebinds: Int

    /// Makes the check of a socket in `context`; it asks nothing where no keys are in use.
    init(_ domain: AccessDomain, in context: Context) {
        self.domain = domain
        security = context.security.flatMap { $0.settings.isActive ? $0 : nil }
        rebinds = security?.rebinds(of: domain) ?? 0
    }

    /// Sets what libzmq is to ask of whoever connects to `endpoint`, which is bound next.
    func prepare(_ socket: borrowing Socket, for endpoint: Endpoint) throws {
        guard let security else {
            guard let message = endpoint.problem(within: .machine) else { return }
            throw Endpoint.Problem(description: message)
        }
        try socket.setAuthentication(domain: domain.zapDomain)
        if security.needsKey(endpoint) {
            try socket.setCurveServer(try security.pair())
        } else {
            try socket.setPlain()
        }
    }

    /// Everybody who is connected is to be let go; says so once.
    mutating func takeRebind() -> Bool {
        guard let security else { return false }
        let now = security.rebinds(of: domain)
        defer { rebinds = now }
        return now != rebinds
    }

    /// Returns the refusal of a request that its peer may not send, and what the peer may do.
    func check(_ request: Request, user: String?) -> (roles: AccessRoles, refusal: WireError?) {
        guard let security else { return (.all, nil) }
        // What is bound with keys in use has an authenticator's word on every peer.
        let roles = user.map(security.roles(ofUser:)) ?? []
        let needed = domain.roles(for: request)
        if roles.isDisjoint(with: domain.entrance) {
            return (roles, .forbidden("this peer is no longer authorized; its operator asks that of this server"))
        }
        guard !needed.isEmpty, roles.isDisjoint(with: needed) else { return (roles, nil) }
        let word = needed.names.joined(separator: " or ")
        return (
            roles,
            .forbidden("\(request.command) needs the role \(word), and this peer has \(roles): see authorized_keys")
        )
    }
}

extension WireError {
    /// 403: who asks may not.
    static func forbidden(_ message: String) -> WireError { WireError(.forbidden, "FORBIDDEN", message) }
}
