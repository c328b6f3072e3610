/// Who sends a request, and what he may do.
struct Caller: Sendable, Equatable {
    /// How he has shown who he is.
    enum Evidence: Sendable, Equatable {
        /// Not at all.
        case none
        /// He is on this machine.
        case machine
        /// By a token.
        case token
        /// By the cookie of a browser that has signed in.
        case session
    }

    var evidence: Evidence
    /// The most that he may do.
    var role: AccessRole
    /// The name of his token; nil where there is none.
    var name: String?
    /// Where he is, as far as that is known: an address, or the user on a socket of the file system.
    var place: String
    /// What limits count as one.
    var group: String
    /// He reaches the service by TLS, at least up to a proxy that is believed.
    var isSecure: Bool
    /// The request has come through a proxy that is believed, which brings those of many.
    var isProxied: Bool

    /// For the log: the name of the token where there is one, and the place.
    var description: String { name.map { "\($0) at \(place)" } ?? place }
}
