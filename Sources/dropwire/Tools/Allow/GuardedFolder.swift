import Glibc
import Linux

/// A directory that root opens part by part and without following symbolic links: who may write to one above it could put a
/// link in its place, and have something else changed.
struct GuardedFolder: ~Copyable {
    private let descriptor: Int32
    private let path: String

    /// Opens a directory; what is missing on the way is made, with mode 0755.
    ///
    /// - Parameter path: absolute and without links.
    init(_ path: String, isMade: Bool = false) throws(SystemError) {
        var current = try SystemError.check("open '/'") { Glibc.open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        for part in path.split(separator: "/").map(String.init) {
            let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
            var next = openat(current, part, flags)
            if next == -1, errno == ENOENT, isMade {
                if mkdirat(current, part, 0o755) == 0 {
                    next = openat(current, part, flags)
                    // Whatever the umask of who runs this.
                    if next >= 0 { _ = fchmod(next, 0o755) }
                }
            }
            let code = errno
            close(current)
            guard next >= 0 else { throw SystemError(code: code, operation: "open '\(part)' of '\(path)'") }
            current = next
        }
        descriptor = current
        self.path = path
    }

    deinit { close(descriptor) }

    /// By this it is reached from another process, whatever stands at its path meanwhile.
    var address: String { "/proc/\(getpid())/fd/\(descriptor)" }

    /// Gives it to a user and a group, with the group for whatever is made in it.
    func give(to account: Account) throws(SystemError) {
        try SystemError.check("chown '\(path)'") { fchown(descriptor, account.user, account.group) }
        try SystemError.check("chmod '\(path)'") { fchmod(descriptor, AllowStep.mode) }
    }

    /// Writes a file whole or not at all, readable for everybody.
    func write(_ text: String, to name: String) throws(SystemError) {
        try Directory(path: address).write(Array(text.utf8), to: RelativePath(name))
        try SystemError.check("chmod '\(path)/\(name)'") { fchmodat(descriptor, name, 0o644, 0) }
    }

    /// Removes a file.
    func remove(_ name: String) throws(SystemError) {
        try SystemError.check("remove '\(path)/\(name)'") { unlinkat(descriptor, name, 0) }
    }
}
