import Synchronization

/// A number that only grows, safe on any thread.
package final class Counter: Sendable {
    private let count = Atomic<Int>(0)
    /// Starts at 0.
    package init() {}
    /// Adds `amount`.
    package func add(_ amount: Int = 1) { count.add(amount, ordering: .relaxed) }
    /// The sum so far.
    package var value: Int { count.load(ordering: .relaxed) }
}

/// A number that goes up and down, safe on any thread.
package final class Gauge: Sendable {
    private let number = Atomic<Int>(0)
    /// Starts at 0.
    package init() {}
    /// Sets the number.
    package func set(_ value: Int) { number.store(value, ordering: .relaxed) }
    /// The number.
    package var value: Int { number.load(ordering: .relaxed) }
}
