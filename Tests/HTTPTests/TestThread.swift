import Linux

/// A thread of a test.
struct TestThread {
    private let thread: SystemThread

    init(_ body: @escaping @Sendable () -> Void) throws { thread = try SystemThread(name: "test", body) }

    func join() { thread.join() }
}
