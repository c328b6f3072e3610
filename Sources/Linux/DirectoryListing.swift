import Glibc

/// A directory that is being listed, entry by entry: it holds one buffer of entries, however many there are.
///
/// What is added or removed meanwhile may or may not be listed; what is there all the time is listed once, but for a name
/// that is taken by another file meanwhile, which some file systems then list not at all.
package final class DirectoryListing {
    private let stream: OpaquePointer
    private let path: String
    private var entry: UnsafeMutablePointer<dirent>?
    private var length = 0

    /// Begins to list a directory, with a descriptor of its own.
    package init(_ directory: Directory) throws(SystemError) {
        path = directory.path
        let number = try directory.openAgain()
        guard let stream = fdopendir(number) else {
            let error = SystemError(operation: "list '\(directory.path)'")
            close(number)
            throw error
        }
        self.stream = stream
    }

    deinit { closedir(stream) }

    /// Goes to the next entry, without `.` and `..`; false at the end.
    package func next() throws(SystemError) -> Bool {
        while true {
            errno = 0
            entry = readdir(stream)
            guard let entry else {
                if errno != 0 { throw SystemError(operation: "list '\(path)'") }
                return false
            }
            let start = DirectoryListing.start(entry)
            length = strlen(start)
            let isSelfOrParent = start[0] == 0x2e && (length == 1 || length == 2 && start[1] == 0x2e)
            if !isSelfOrParent { return true }
        }
    }

    /// The name of the entry, as a path of one part.
    package var name: RelativePath {
        // With the closing NUL, as the path keeps it.
        RelativePath(terminated: UnsafeRawBufferPointer(start: DirectoryListing.start(current), count: length + 1))
    }

    /// The kind of the entry, where the file system says it without a look at the file; nil where it does not.
    package var kind: FileStatus.Kind? { DirectoryListing.kind(Int32(current.pointee.d_type)) }

    /// Returns what the entry stands for, without following symbolic links; nil where it is gone.
    package func status() throws(SystemError) -> FileStatus? {
        var raw = stat()
        let start = DirectoryListing.start(current)
        if fstatat(dirfd(stream), start, &raw, AT_SYMLINK_NOFOLLOW) == 0 { return FileStatus(raw) }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw SystemError(operation: "look at '\(path)/\(name)'")
    }

    /// Calls `body` with the bytes of the entry's name.
    package func withName<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        let bytes = UnsafeBufferPointer(
            start: UnsafeRawPointer(DirectoryListing.start(current)).assumingMemoryBound(to: UInt8.self), count: length)
        return body(bytes.span)
    }

    private var current: UnsafeMutablePointer<dirent> {
        guard let entry else { preconditionFailure("there is no entry before next() returned true") }
        return entry
    }

    private static func start(_ entry: UnsafeMutablePointer<dirent>) -> UnsafePointer<CChar> {
        let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name)!
        return (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self)
    }

    private static func kind(_ type: Int32) -> FileStatus.Kind? {
        // The values of DT_…, which are an anonymous enumeration in <dirent.h>.
        switch type {
        case 8: .regular
        case 4: .directory
        case 10: .symbolicLink
        case 1: .fifo
        case 12: .socket
        case 2, 6: .device
        default: nil
        }
    }
}
