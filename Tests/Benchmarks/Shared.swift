import Linux
import Synchronization

/// A number that several threads count up.
final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .acquiring) }
    func add(_ number: Int) { count.wrappingAdd(number, ordering: .releasing) }
}

/// What went wrong on another thread.
final class Failure: Sendable {
    private let stored = Mutex<String?>(nil)

    var text: String? { stored.withLock { $0 } }
    func set(_ text: String) { stored.withLock { $0 = $0 ?? text } }
}

/// How far a receiver is, for a sender on another thread that may not run too far ahead: it sleeps and does not spin.
final class Progress: Sendable {
    private let count = Counter()
    private let total: Int
    private let bell: WakeUp
    private let greeting: WakeUp

    init(total: Int) throws {
        self.total = total
        bell = try WakeUp()
        greeting = try WakeUp()
    }

    /// The receiver is there.
    func greet() { greeting.ring() }

    /// Waits for ``greet()``.
    func waitForGreeting() { _ = Poll.readable([greeting.descriptor], timeout: .seconds(20)) }

    /// One more has come.
    func advance() {
        count.add(1)
        let now = count.value
        // A bell a message would cost more than the message.
        if now % 50 == 0 || now == total { bell.ring() }
    }

    /// No more will come: nobody waits any longer.
    func giveUp() {
        count.add(total)
        bell.ring()
    }

    /// Waits until `number` have come.
    func wait(for number: Int) {
        while count.value < number {
            _ = Poll.readable([bell.descriptor], timeout: .seconds(1))
            bell.silence()
        }
    }
}
