import Glibc
import Linux

/// The lock that keeps a second watcher out, while it lives.
///
/// It has an opening of its own: a long file that is in hand keeps the one that it is read by, also when its directory is away
/// and let go, and would keep the lock from whoever opens the directory again.
final class DropDirectoryLock {
    private let opening: Directory?
    private let file: FileDescriptor?

    init(_ directory: Directory, patience: Duration = .zero) throws {
        do {
            let opening = try directory.reopened()
            guard try opening.lock(patience: patience) else { throw DropDirectory.InUse(path: directory.path) }
            self.opening = opening
            file = nil
        } catch let error as SystemError where [EBADF, ENOLCK, EOPNOTSUPP, ENOSYS].contains(error.code) {
            // A network file system may lock only what is open for writing.
            let name = ".dropwire.lock"
            let file = try directory.openForWriting(RelativePath(name))
            guard try file.lock(named: "\(directory.path)/\(name)", patience: patience) else {
                throw DropDirectory.InUse(path: directory.path)
            }
            opening = nil
            self.file = consume file
        }
    }
}
