import Glibc
import Linux

/// Keeps a second process from working under the same name in the same directory.
final class NameLock: Sendable {
    private let descriptor: Int32

    init(path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw SystemError(operation: "open '\(path)'") }
        guard try FileLock.take(descriptor, named: path, patience: FileLock.patience) else {
            throw WorkerError.nameTaken(path)
        }
    }

    deinit { close(descriptor) }
}
