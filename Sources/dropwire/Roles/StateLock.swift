import Glibc
import Linux

/// A lock on a role's state directory, held until this object goes: a second process on one state would corrupt it.
final class StateLock {
    private let descriptor: Int32

    /// Makes the directory where it is not there (0750, with its parents) and locks it.
    ///
    /// - Throws: `SystemError`, ``ConfigurationError`` where another process holds it.
    init(directory: String) throws {
        try StateLock.makeDirectory(directory)
        let path = directory + "/lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw SystemError(operation: "open '\(path)'") }
        do {
            guard try FileLock.take(descriptor, named: path, patience: FileLock.patience) else {
                throw InUse(directory: directory)
            }
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// Another process works on the state.
    struct InUse: Error, CustomStringConvertible {
        let directory: String
        var description: String {
            "the state in '\(directory)' is in use by another dropwire process; stop that one, or set another "
                + "state_directory"
        }
    }

    /// Makes a directory with its parents.
    static func makeDirectory(_ path: String) throws(SystemError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/" + part
            if mkdir(made, 0o750) == -1, errno != EEXIST {
                throw SystemError(operation: "make the directory '\(made)'")
            }
        }
    }
}
