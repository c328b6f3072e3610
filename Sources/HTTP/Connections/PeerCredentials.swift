import Glibc

/// Who has connected to a socket of the file system, by the kernel's word at the time of connecting.
package struct PeerCredentials: Sendable, Hashable {
    /// The process; it may have ended, and its number may have gone to another one.
    package let processIdentifier: Int32
    /// The effective user.
    package let user: UInt32
    /// The effective group.
    package let group: UInt32

    /// Makes credentials.
    package init(processIdentifier: Int32, user: UInt32, group: UInt32) {
        self.processIdentifier = processIdentifier
        self.user = user
        self.group = group
    }

    /// Asks the kernel about the peer of a connected socket of the file system.
    init?(of descriptor: Int32) {
        // `struct ucred`, which Glibc's Swift module lacks: the process, the user and the group.
        var raw: (Int32, UInt32, UInt32) = (0, 0, 0)
        var length = socklen_t(MemoryLayout.size(ofValue: raw))
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &raw, &length) == 0 else { return nil }
        (processIdentifier, user, group) = raw
    }
}
