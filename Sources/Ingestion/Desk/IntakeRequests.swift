import Linux
import Synchronization

/// What other threads ask of the intake's loop: it is done there, between two batches, in the order of asking.
final class IntakeRequests: Sendable {
    private typealias Work = @Sendable (IntakeDesk) -> Void

    private final class Answer<Value: Sendable>: Sendable {
        let value = Mutex<Result<Value, any Error>?>(nil)
        let bell: WakeUp
        init() throws(SystemError) { bell = try WakeUp() }
    }

    private let waiting = Mutex<[Work]>([])
    private let bell: WakeUp

    /// Makes an empty list; `bell` wakes the loop.
    init(bell: WakeUp) { self.bell = bell }

    /// Has `body` done by the loop and returns what it returns; nil where that takes longer than `limit`: it is still done
    /// then.
    func ask<Value: Sendable>(
        within limit: Duration, _ body: @escaping @Sendable (IntakeDesk) throws -> Value
    ) throws -> Value? {
        let answer = try Answer<Value>()
        waiting.withLock { waiting in
            waiting.append { desk in
                let result = Result { try body(desk) }
                answer.value.withLock { $0 = result }
                answer.bell.ring()
            }
        }
        bell.ring()
        _ = Poll.readable([answer.bell.descriptor], timeout: limit)
        return try answer.value.withLock { $0 }?.get()
    }

    /// Does what was asked for; called by the loop, where nothing is in hand.
    func perform(on desk: IntakeDesk) {
        let works = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for work in works { work(desk) }
    }
}
