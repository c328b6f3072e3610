import Glibc
import Linux

/// The lock that keeps a second watcher out, while it lives.
final class DropDirectoryLock {
    private let file: FileDescriptor?

    init(_ directory: Directory) throws {
        do {
            guard try directory.lock() else { throw DropDirectory.InUse(path: directory.path) }
            file = nil
        } catch let error as SystemError where [EBADF, ENOLCK, EOPNOTSUPP, ENOSYS].contains(error.code) {
            // A network file system may lock only what is open for writing.
            let file = try directory.openForWriting(RelativePath(".dropwire.lock"))
            guard try file.lock() else { throw DropDirectory.InUse(path: directory.path) }
            self.file = consume file
        }
    }
}
