import Glibc
import Linux
import Synchronization

/// Drains the workers of a process at its first SIGTERM or SIGINT, and lets the second have its usual effect.
final class SignalDrain: Sendable {
    private static let signals = [SIGTERM, SIGINT]
    private static let shared = Mutex<SignalDrain?>(nil)

    private let drains = Mutex<[Int: @Sendable () -> Void]>([:])
    private let hasCome = Atomic<Bool>(false)

    /// Has `drain` called at the first signal; takes the signals over where nobody did.
    ///
    /// - Returns: ends that.
    static func add(_ drain: @escaping @Sendable () -> Void) throws(SystemError) -> @Sendable () -> Void {
        let watch = try shared.withLock { (shared) throws(SystemError) in
            if let shared { return shared }
            let made = SignalDrain()
            let pipe = try SignalPipe(signals)
            try SystemThread(name: "signals") { made.watch(pipe) }.detach()
            shared = made
            return made
        }
        let key = watch.drains.withLock { drains in
            let key = (drains.keys.max() ?? 0) + 1
            drains[key] = drain
            return key
        }
        if watch.hasCome.load(ordering: .acquiring) { drain() }
        return { watch.drains.withLock { $0[key] = nil } }
    }

    private func watch(_ pipe: SignalPipe) {
        var first: ContinuousClock.Instant?
        while true {
            _ = Poll.readable([pipe.descriptor], timeout: nil)
            for number in pipe.received() {
                guard let first else {
                    first = .now
                    hasCome.store(true, ordering: .releasing)
                    for drain in drains.withLock({ Array($0.values) }) { drain() }
                    continue
                }
                // A terminal and a service manager both signal a whole group: what comes at once is the same request.
                guard .now - first > .seconds(1) else { continue }
                signal(number, SIG_DFL)
                kill(getpid(), number)
            }
        }
    }
}
