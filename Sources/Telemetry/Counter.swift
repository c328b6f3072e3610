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
