import Glibc

/// What fstat(2) tells of a file.
package struct FileStatus: Sendable, Equatable {
    /// What it is.
    package enum Kind: String, Sendable {
        case regular = "regular file"
        case directory
        case symbolicLink = "symbolic link"
        case fifo = "FIFO"
        case socket
        case device
    }

    package var kind: Kind
    package var device: UInt64
    package var inode: UInt64
    /// In bytes.
    package var size: Int64
    /// Nanoseconds since 1970 of the last change of the content; a producer may set it.
    package var modified: Int64
    /// Nanoseconds since 1970 of the last change of content or metadata; only the kernel sets it.
    package var changed: Int64
    /// Hard links.
    package var links: Int

    /// Makes a status, for what only reasons about files.
    package init(
        kind: Kind, device: UInt64, inode: UInt64, size: Int64, modified: Int64, changed: Int64, links: Int = 1
    ) {
        self.kind = kind
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
        self.changed = changed
        self.links = links
    }

    init(_ raw: stat) {
        switch raw.st_mode & S_IFMT {
        case S_IFREG: kind = .regular
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .symbolicLink
        case S_IFIFO: kind = .fifo
        case S_IFSOCK: kind = .socket
        default: kind = .device
        }
        device = UInt64(raw.st_dev)
        inode = UInt64(raw.st_ino)
        size = Int64(raw.st_size)
        modified = Int64(raw.st_mtim.tv_sec) * 1_000_000_000 + Int64(raw.st_mtim.tv_nsec)
        changed = Int64(raw.st_ctim.tv_sec) * 1_000_000_000 + Int64(raw.st_ctim.tv_nsec)
        links = Int(raw.st_nlink)
    }
}
