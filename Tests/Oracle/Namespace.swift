import Glibc
import Linux

/// A mount namespace of the oracle's own: its small disks are nobody else's, and go when it ends.
enum Namespace {
    /// Says that this process is in one.
    static let option = "--in-namespace"

    /// Becomes the same program in a mount namespace of its own; returns where that is not allowed here.
    ///
    /// Root may make one; others need a user namespace with it, which some kernels and sandboxes refuse.
    static func enter(_ arguments: [String]) {
        let program = "/usr/bin/unshare"
        for flags in [["--mount"], ["--map-root-user", "--mount"]] {
            guard (try? Command.run([program] + flags + ["/bin/true"])) == true else { continue }
            let words = [program] + flags + ["--", ProcessInformation.executablePath] + arguments + [option]
            let pointers = words.map { strdup($0) } + [nil]
            execv(program, pointers)
        }
    }

    /// Mounts a small disk in memory.
    static func mountDisk(_ path: String, megabytes: Int) throws {
        guard try Command.run(["/usr/bin/mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path]) else {
            throw Command.Failed(what: "mount a disk at '\(path)'")
        }
    }

    /// Takes a disk away with all that is on it.
    static func unmount(_ path: String) { _ = try? Command.run(["/usr/bin/umount", "--lazy", path]) }
}
