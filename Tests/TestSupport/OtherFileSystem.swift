import Glibc

/// Another file system than that of the temporary directory, for what happens between two.
package enum OtherFileSystem {
    private static let base = "/dev/shm"

    /// There is one.
    package static let isThere: Bool = {
        var here = stat()
        var there = stat()
        let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        return stat(temporary, &here) == 0 && stat(base, &there) == 0 && here.st_dev != there.st_dev
            && access(base, W_OK) == 0
    }()

    /// Makes a directory on it.
    package static func directory() throws -> ScratchDirectory { try ScratchDirectory(in: base) }
}
