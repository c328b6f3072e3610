import Lifecycle
import Linux
import Synchronization
import Telemetry
package import ZeroMQ

/// Answers libzmq's question who may connect (ZAP, RFC 27) for every socket that is bound in a context.
///
/// It must serve before anything is bound. Where it ends, nobody is admitted any more, and the process ends with it.
package final class Authenticator: Service {
    package let name = "authenticator"
    private let context: Context
    private let security: Security
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)
    private let refusals = RefusalLog()

    /// The address at which libzmq asks.
    private static let address = "inproc://zeromq.zap.01"

    /// Makes an authenticator of the context that has `security` attached.
    package init(context: Context, security: Security) throws {
        self.context = context
        self.security = security
        bell = try WakeUp()
    }

    package func drain() {
        isDraining.store(true, ordering: .relaxed)
        bell.ring()
    }

    package func run(started: @Sendable () -> Void) throws {
        let socket = try Socket(.rep, in: context)
        try socket.set(.linger, 0)
        try socket.bind(Authenticator.address)
        started()
        while !isDraining.load(ordering: .relaxed) {
            _ = try Poller.poll([socket.readable, PollEntry(descriptor: bell.descriptor)], timeout: nil)
            bell.silence()
            while let message = try socket.receive() {
                // A question whose asker has gone is answered to nobody.
                _ = try socket.send(answer(message.frames))
            }
        }
    }

    /// Answers `version id domain address identity mechanism credentials…` with
    /// `version id status reason user metadata`.
    func answer(_ frames: [[UInt8]]) -> [[UInt8]] {
        let version = Array("1.0".utf8)
        let id = frames.count > 1 ? frames[1] : []
        func reply(_ status: String, _ reason: String, user: String = "") -> [[UInt8]] {
            [version, id] + [status, reason, user, ""].map { Array($0.utf8) }
        }
        guard frames.count >= 6, frames[0] == version else { return reply("500", "a question of another version") }
        let text = frames.map { String(decoding: $0, as: UTF8.self) }
        let (domainName, address) = (text[2], text[3])
        let asked = AccessDomain.allCases.first { $0.zapDomain == domainName }
        let identity = Authenticator.identity(mechanism: text[5], address: address, credentials: frames.dropFirst(6))
        guard let asked, let identity else {
            refusals.note("unknown", domain: domainName, address: address, reason: "it showed neither key nor user")
            return reply("400", "neither key nor user")
        }
        guard security.admits(identity, to: asked) else {
            let roles = security.roles(ofUser: identity.userID)
            let name = security.name(of: identity).map { " (\($0))" } ?? ""
            refusals.note(
                identity.userID + name, domain: asked.rawValue, address: address,
                reason: roles.isEmpty ? "it has no line in authorized_keys" : "it has the roles \(roles) only")
            return reply("400", "not authorized")
        }
        return reply("200", "OK", user: identity.userID)
    }

    /// Who asks, as far as the handshake shows it.
    static func identity(
        mechanism: String, address: String, credentials: ArraySlice<[UInt8]>
    ) -> PeerIdentity? {
        switch mechanism {
        case "CURVE": return credentials.first.flatMap(CurveKeyPair.text(ofKey:)).map(PeerIdentity.key)
        case "NULL":
            // Of a Unix socket libzmq says `localhost:UID:GID:PID`, of a TCP one the address.
            let parts = address.split(separator: ":")
            if parts.count == 4, parts[0] == "localhost", let user = UInt32(parts[1]), let group = UInt32(parts[2]) {
                return .user(user, group: group)
            }
            let isLoopback = address.hasPrefix("127.") || address == "::1" || address.hasPrefix("::ffff:127.")
            return isLoopback ? .loopback : nil
        default: return nil
        }
    }
}
