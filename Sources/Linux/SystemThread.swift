import CLinux
import Glibc

/// A thread of the system, for work that blocks and must stay off the cooperative pool.
package final class SystemThread: Sendable {
    private let identifier: pthread_t

    /// Starts a thread named `name` (15 bytes are kept) that runs `body`.
    package init(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let box = Unmanaged.passRetained(Box(name: name, body: body))
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

    private final class Box {
        let name: String
        let body: @Sendable () -> Void
        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    private static func start(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument else { return nil }
        let box = Unmanaged<Box>.fromOpaque(argument).takeRetainedValue()
        clinux_name_thread(box.name)
        box.body()
        return nil
    }
}
