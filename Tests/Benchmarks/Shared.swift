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
