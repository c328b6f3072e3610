import Linux
import Synchronization

/// Between a worker's thread, which has work, and the task that does it: one piece at a time.
///
/// The thread never waits on the cooperative pool, and the task never blocks it.
final class Desk<Job: Sendable, Outcome: Sendable>: Sendable {
    private struct State {
        var job: Job?
        var waiter: CheckedContinuation<Job?, Never>?
        var outcome: Outcome?
        var isClosed = false
    }

    /// Rings when an outcome lies on the desk.
    let bell: WakeUp
    private let state = Mutex(State())

    init() throws(SystemError) { bell = try WakeUp() }

    // MARK: The thread's side

    /// Puts a piece of work on the desk, which must be empty.
    func put(_ job: Job) {
        let waiter = state.withLock { state in
            precondition(state.job == nil && state.outcome == nil, "one piece at a time")
            if state.waiter == nil { state.job = job }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: job)
    }

    /// Takes the outcome of what was put there; nil while it is worked on.
    func takeOutcome() -> Outcome? {
        state.withLock { state in
            defer { state.outcome = nil }
            return state.outcome
        }
    }

    /// Puts a piece of work on the desk and waits for its outcome.
    func perform(_ job: Job) -> Outcome {
        put(job)
        while true {
            if let outcome = takeOutcome() { return outcome }
            _ = Poll.readable([bell.descriptor], timeout: nil)
            bell.silence()
        }
    }

    /// There is no more work.
    func close() {
        let waiter = state.withLock { state in
            state.isClosed = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: nil)
    }

    // MARK: The task's side

    /// Returns the next piece of work, waiting for it; nil where there is no more.
    func nextJob() async -> Job? {
        await withCheckedContinuation { continuation in
            let (job, isClosed) = state.withLock { state in
                defer { state.job = nil }
                if state.job == nil, !state.isClosed { state.waiter = continuation }
                return (state.job, state.isClosed)
            }
            if job != nil || isClosed { continuation.resume(returning: job) }
        }
    }

    /// Says what came of the piece that was taken.
    func finish(_ outcome: Outcome) {
        state.withLock { $0.outcome = outcome }
        bell.ring()
    }
}
