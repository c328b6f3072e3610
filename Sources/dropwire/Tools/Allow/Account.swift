import Glibc
import Linux

/// A user of this machine, and what that one may do.
struct Account: Sendable, Equatable {
    let name: String
    let user: UInt32
    let group: UInt32

    /// The user that the services run as.
    static let service = "dropwire"

    /// Looks a user up.
    ///
    /// - Throws: `UsageError` where there is none of that name.
    init(_ name: String) throws(UsageError) {
        guard !name.isEmpty, let entry = getpwnam(name) else {
            throw UsageError(
                name == Account.service
                    ? "there is no user '\(name)': install the package, or run systemd-sysusers as the README says"
                    : "there is no user '\(name)'")
        }
        self.name = name
        user = entry.pointee.pw_uid
        group = entry.pointee.pw_gid
    }

    /// The user may list the directory and change what is in it, by whatever way it is come upon.
    func mayChange(_ directory: String) throws(SystemError) -> Bool {
        // As that user, since owner, groups, lists and mounts all have their say. The directory is entered before.
        try SystemProgram.run(
            ["/usr/bin/env", "-C", directory] + asUser + ["/bin/sh", "-c", "[ -r . ] && [ -w . ] && [ -x . ]"]
        ).isDone
    }

    /// The first of some directories, from the root on, through which the user may not go; nil where there is none.
    func barrier(in directories: [String]) throws(SystemError) -> String? {
        for directory in directories {
            guard try SystemProgram.run(asUser + ["/usr/bin/test", "-x", directory]).isDone else { return directory }
        }
        return nil
    }

    private var asUser: [String] {
        ["/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(group)", "--init-groups", "--"]
    }
}
