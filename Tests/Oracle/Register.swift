import Synchronization

/// What producers have dropped; safe on any thread.
final class Register: Sendable {
    private struct State {
        var drops: [Drop] = []
        var expectations: [[UInt8]: Content.Expectation] = [:]
        var nextNumber = 0
        var nextGroup = 0
        var clockSteps: [ContinuousClock.Instant] = []
    }

    private let state = Mutex(State())

    /// Returns a number that nobody else gets.
    func takeNumber() -> Int {
        state.withLock { state in
            defer { state.nextNumber += 1 }
            return state.nextNumber
        }
    }

    /// Returns a number for drops that are one file.
    func takeGroup() -> Int {
        state.withLock { state in
            defer { state.nextGroup += 1 }
            return state.nextGroup
        }
    }

    /// Notes what is about to be dropped, before any of it can be seen.
    func announce(_ content: Content) { state.withLock { $0.expectations[content.digest] = content.expectation } }

    /// Notes what was dropped.
    func add(_ drop: Drop) { state.withLock { $0.drops.append(drop) } }

    /// Notes that the clock was set.
    func noteClockStep() { state.withLock { $0.clockSteps.append(.now) } }

    /// The clock was set since a moment.
    func wasClockSet(since moment: ContinuousClock.Instant) -> Bool {
        state.withLock { $0.clockSteps.contains { $0 >= moment } }
    }

    var count: Int { state.withLock { $0.drops.count } }
    var drops: [Drop] { state.withLock { $0.drops } }
    var expectations: [[UInt8]: Content.Expectation] { state.withLock { $0.expectations } }

    /// Returns a random earlier good drop of a site; nil where there is none.
    func earlier(_ site: Int, _ random: inout some RandomNumberGenerator) -> Drop? {
        state.withLock { state in
            guard !state.drops.isEmpty else { return nil }
            for _ in 0..<20 {
                let drop = state.drops[Int.random(in: 0..<state.drops.count, using: &random)]
                if drop.place.site == site, drop.way == .renamedIn || drop.way == .renamedBeside { return drop }
            }
            return nil
        }
    }
}
