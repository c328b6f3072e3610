import CLinux
import Glibc

/// A thread of the system, for work that blocks and must stay off the cooperative pool.
package final class SystemThread: Sendable {
    private let identifier: pthread_t

    /// Who waits for a thread's work.
    package enum Precedence: Sendable {
        /// Somebody who asked a question.
        case normal
        /// Nobody in particular: it takes what others leave of a busy processor, about a tenth, and all of an idle one.
        case background

        /// What is added to the niceness of the process (setpriority(2); on Linux each thread has its own).
        var niceness: Int32 { self == .background ? 10 : 0 }
    }

    /// Starts a thread named `name` (15 bytes are kept) that runs `body`. What it starts itself takes after it.
    package init(
        name: String, precedence: Precedence = .normal, _ body: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        let box = Unmanaged.passRetained(Box(name: name, precedence: precedence, body: body))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        // Decoders recurse; the main thread's usual 8 MiB everywhere.
        pthread_attr_setstacksize(&attributes, 8 << 20)
        var made = pthread_t()
        let code = pthread_create(&made, &attributes, { SystemThread.start($0) }, box.toOpaque())
        guard code == 0 else {
            box.release()
            throw SystemError(code: code, operation: "start the thread '\(name)'")
        }
        identifier = made
    }

    /// Waits until the thread has ended. Call it once.
    package func join() { pthread_join(identifier, nil) }

    /// Leaves the thread to itself, whose end nobody waits for. Call it once, instead of ``join()``.
    package func detach() { pthread_detach(identifier) }

    private final class Box {
        let name: String
        let precedence: Precedence
        let body: @Sendable () -> Void
        init(name: String, precedence: Precedence, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.precedence = precedence
            self.body = body
        }
    }

    private static func start(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument else { return nil }
        let box = Unmanaged<Box>.fromOpaque(argument).takeRetainedValue()
        clinux_name_thread(box.name)
        // Where a sandbox refuses it, the work is done all the same.
        if box.precedence == .background { _ = nice(box.precedence.niceness) }
        box.body()
        return nil
    }
}
