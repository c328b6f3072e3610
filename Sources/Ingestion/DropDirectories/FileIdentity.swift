import Linux

/// What tells one state of a file from another. Never the device number: it changes when a share is mounted again.
struct FileIdentity: Sendable, Hashable {
    var inode: UInt64
    var size: Int64
    /// Nanoseconds since 1970.
    var modified: Int64

    init(inode: UInt64, size: Int64, modified: Int64) {
        self.inode = inode
        self.size = size
        self.modified = modified
    }

    init(_ status: FileStatus) { self.init(inode: status.inode, size: status.size, modified: status.modified) }
}
