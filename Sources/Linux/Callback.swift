import Synchronization

/// A function that one thread sets and others call.
///
/// It stands in a structure: a mutex that holds a function itself gives it out wrapped in two more functions of the
/// compiler's, and keeps these, at every look. After a day of looks a call goes through a million of them.
package final class Callback: Sendable {
    private struct Body: Sendable {
        let call: @Sendable () -> Void
    }

    private let body = Mutex<Body?>(nil)

    /// Makes one that does nothing yet.
    package init() {}

    /// Sets what is called from now on. Safe on any thread.
    package func set(_ body: @escaping @Sendable () -> Void) { self.body.withLock { $0 = Body(call: body) } }

    /// Something was set.
    package var isSet: Bool { body.withLock { $0 != nil } }

    /// Calls what was set; nothing where nothing was. Safe on any thread.
    package func callAsFunction() { body.withLock { $0 }?.call() }
}
