import Glibc

/// An exclusive lock on an open file or directory (flock(2)): held until every descriptor of that opening is closed.
package enum FileLock {
    /// How long a lock is waited for whose holder has just ended: a child that it was about to start has its descriptors
    /// until it runs its own program.
    package static let patience = Duration.milliseconds(500)

    /// Takes it; returns false where another process has it, still after some time.
    ///
    /// - Throws: EBADF on NFS, which locks only what is open for writing, as a directory never is.
    package static func take(
        _ descriptor: Int32, named path: String, patience: Duration = .zero
    ) throws(SystemError) -> Bool {
        let end = ContinuousClock.now + patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw SystemError(operation: "lock '\(path)'") }
            guard ContinuousClock.now < end else { return false }
            usleep(2000)
        }
        return true
    }
}
