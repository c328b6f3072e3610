import Linux
import Messaging
import Synchronization

/// Where the page and the API hand in what is to be done with failures; the status service's thread, which alone writes to
/// the store, does it. Safe on any thread.
package final class FailureDesk: Sendable {
    /// A change that was handed in, until it is done.
    final class Ticket: Sendable {
        let change: FailureChange
        private let bell: WakeUp
        private let outcome = Mutex<Result<FailureOutcome, WireError>?>(nil)

        init(_ change: FailureChange) throws(SystemError) {
            self.change = change
            bell = try WakeUp()
        }

        /// Says what came of it.
        func end(_ result: Result<FailureOutcome, WireError>) {
            outcome.withLock { $0 = result }
            bell.ring()
        }

        /// Waits for that; nil where it takes too long.
        func wait(_ patience: Duration) -> Result<FailureOutcome, WireError>? {
            _ = Poll.readable([bell.descriptor], timeout: patience)
            return outcome.withLock { $0 }
        }
    }

    private struct State {
        var tickets: [Ticket] = []
        var bell: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private static let patience = Duration.seconds(10)
    private static let most = 100
    /// All failures are taken in portions, between which reports are taken too.
    private static let portions = 10

    /// Makes a desk.
    package init() {}

    /// Has `ring` called when something is handed in.
    func whenPosted(_ ring: @escaping @Sendable () -> Void) { state.withLock { $0.bell = ring } }

    /// Takes what was handed in.
    func take() -> [Ticket] {
        state.withLock { state in
            defer { state.tickets = [] }
            return state.tickets
        }
    }

    /// Does what is wanted with failures, and waits until that is in the store.
    func change(_ change: FailureChange) throws(Problem) -> FailureOutcome {
        var outcome = try hand(in: change)
        for _ in 1..<FailureDesk.portions where outcome.hasMore { outcome.add(try hand(in: change)) }
        return outcome
    }

    private func hand(in change: FailureChange) throws(Problem) -> FailureOutcome {
        let busy = Problem(
            status: 503, detail: "The status service is busy; nothing was changed.", headers: [("Retry-After", "2")])
        guard let ticket = try? Ticket(change) else { throw busy }
        let ring: (@Sendable () -> Void)? = state.withLock { state in
            guard state.tickets.count < FailureDesk.most else { return nil }
            state.tickets.append(ticket)
            return state.bell
        }
        guard let ring else { throw busy }
        ring()
        switch ticket.wait(FailureDesk.patience) {
        case .success(let outcome): return outcome
        case .failure(let error):
            throw Problem(status: [400, 503].contains(error.code) ? error.code : 503, detail: error.message)
        case nil:
            throw Problem(
                status: 503, detail: "The status service has not answered in time; look again whether it was done.",
                headers: [("Retry-After", "2")])
        }
    }
}
