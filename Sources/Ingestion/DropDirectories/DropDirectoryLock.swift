import Glibc
import Linux

/// The lock that keeps a second watcher out, while it lives.
final class DropDirectoryLock {
    private let file: FileDescriptor?

    init(_ directory: Directory, patience: Duration = .zero) throws {
        do {
            guard try directory.lock(patience: patience) else { throw DropDirectory.InUse(path: directory.path) }
            file = nil
        } catch let error as SystemError where [EBADF, ENOLCK, EOPNOTSUPP, ENOSYS].contains(error.code) {
            // A network file system may lock only what is open for writing.
            let name = ".dropwire.lock"
            let file = try directory.openForWriting(RelativePath(name))
            guard try file.lock(named: "\(directory.path)/\(name)", patience: patience) else {
                throw DropDirectory.InUse(path: directory.path)
            }
            self.file = consume file
        }
    }
}
