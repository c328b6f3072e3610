/// One kind of socket: who may connect to it at all, and what a request on it needs.
package enum AccessDomain: String, Sendable, CaseIterable {
    case feed, log, report, search, admin

    /// The word that the authenticator is told (ZMQ_ZAP_DOMAIN).
    var zapDomain: String { "dropwire.\(rawValue)" }

    /// One of these lets a peer in.
    var entrance: AccessRoles {
        switch self {
        case .feed: .feed
        case .log: [.log, .claim, .admin]
        case .report: [.report, .admin]
        case .search: [.search, .admin]
        case .admin: .admin
        }
    }

    /// One of these lets a peer send the request; empty where whoever was let in may.
    func roles(for request: Request) -> AccessRoles {
        switch (self, request.command) {
        case (_, "HELLO"), (_, "PING"): []
        case (.log, "CLAIM"), (.log, "DONE"), (.log, "EXTEND"), (.log, "NACK"), (.log, "RELEASE"): .claim
        case (.log, "GROUP"), (.log, "CONSUMER"): AccessDomain.onlyAsks(request) ? [] : .admin
        case (.log, _): .log
        // What is passed on goes to watchers and workers in the name of the status service.
        case (.report, "QUARANTINE"), (.report, "FAILURES"): AccessDomain.onlyAsks(request) ? entrance : .admin
        case (.report, "FILE"): .admin
        case (.search, "SEARCH"), (.search, "GET"), (.search, "FACETS"), (.search, "EXPORT"): entrance
        case (.search, _): AccessDomain.onlyAsks(request) ? entrance : .admin
        case (.feed, _), (.report, _), (.admin, _): entrance
        }
    }

    private struct Action: Decodable {
        var action: String?
    }

    /// What the member `action` says changes nothing.
    private static func onlyAsks(_ request: Request) -> Bool {
        guard let body = try? request.decode(Action.self) else { return false }
        return ["list", "show", "dead", nil].contains(body.action)
    }
}
