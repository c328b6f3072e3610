import Glibc

/// The size of a file system and what of it this user may still use.
package struct FileSystemSpace: Sendable, Equatable {
    /// In bytes.
    package let total: Int
    /// In bytes; a quota may leave less.
    package let available: Int
    /// What is kept free of it for what is in flight, in bytes: of a small file system only a small part.
    package var reserve: Int { min(max(total / 64, 256 << 10), 16 << 20) }

    /// Asks for the file system that a path lies on (statvfs(3)).
    package init(path: String) throws(SystemError) {
        var raw = statvfs()
        try SystemError.check("statvfs '\(path)'") { statvfs(path, &raw) }
        let unit = Int(clamping: raw.f_frsize)
        total = unit * Int(clamping: raw.f_blocks)
        available = unit * Int(clamping: raw.f_bavail)
    }
}
