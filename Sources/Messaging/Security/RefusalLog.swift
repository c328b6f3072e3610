import Synchronization
import Telemetry

/// Writes who was refused, each once a minute: whoever is refused tries again, some for ever.
final class RefusalLog: Sendable {
    private struct State {
        var last: [String: ContinuousClock.Instant] = [:]
        var left = 0
    }

    private static let spacing = Duration.seconds(60)
    /// Names that are remembered: strangers make as many as they like.
    private static let capacity = 256
    private let state = Mutex(State())
    private let logger = Logger(label: "security")

    /// Notes a refusal by who it was and where.
    func note(_ who: String, domain: String, address: String, reason: String) {
        let name = "\(who) \(domain)"
        let more: Int? = state.withLock { state in
            let now = ContinuousClock.now
            state.last = state.last.filter { now - $0.value < RefusalLog.spacing }
            guard state.last[name] == nil, state.last.count < RefusalLog.capacity else {
                state.left += 1
                return nil
            }
            state.last[name] = now
            defer { state.left = 0 }
            return state.left
        }
        guard let more else { return }
        logger.warning(
            .peerRefused,
            [.who: who, .socket: domain, .address: address, .reason: reason, .moreRefusals: "\(more)"])
    }
}
