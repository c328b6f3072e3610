import Glibc
import Linux
import TestSupport

/// A user whom permissions bind: this one, or `nobody` where this one is root.
enum OtherUser {
    private static let nobody: UInt32 = 65534
    private static let setpriv = "/usr/bin/setpriv"

    /// There is such a user.
    static var isPossible: Bool { geteuid() != 0 || access(setpriv, X_OK) == 0 }

    /// What a program is started through.
    static var launcher: [String] {
        geteuid() != 0 ? [] : [setpriv, "--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups"]
    }

    /// Gives the directory with what is in it to that user.
    static func give(_ path: String) throws {
        guard geteuid() == 0 else { return }
        let child = try ChildProcess(path: "/usr/bin/chown", arguments: ["-R", "\(nobody):\(nobody)", path])
        guard child.wait() == .exited(0) else { throw Trouble("chown \(path) failed") }
    }
}
