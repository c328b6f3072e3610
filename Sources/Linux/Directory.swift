import CLinux
import Glibc
import Synchronization

/// An open directory: everything below it is named relative to it, so that a rename of its own path changes nothing.
package final class Directory {
    /// An entry of a listing.
    package struct Entry: Sendable {
        /// The name.
        package let name: RelativePath
        /// What it is, where the file system says it without a look at the file; nil where it does not.
        package let kind: FileStatus.Kind?
    }

    /// The path that it was opened by.
    package let path: String
    let descriptor: Int32
    private let ownsFiles = Atomic<Bool>(true)

    /// Opens a directory; the last part of `path` may be a symbolic link.
    package init(path: String) throws(SystemError) {
        self.path = path
        descriptor = try SystemError.check("open the directory '\(path)'") {
            clinux_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        }
    }

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Returns what stands at a path, of which the last part may be a symbolic link; nil where there is nothing.
    package static func status(path: String) throws(SystemError) -> FileStatus? {
        var raw = stat()
        if stat(path, &raw) == 0 { return FileStatus(raw) }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw SystemError(operation: "look at '\(path)'")
    }

    /// What the directory itself is.
    package func status() throws(SystemError) -> FileStatus {
        var raw = stat()
        try SystemError.check("look at '\(path)'") { fstat(descriptor, &raw) }
        return FileStatus(raw)
    }

    /// Opens the same directory once more: a lock on that opening goes with it, whoever has this one.
    package func reopened() throws(SystemError) -> Directory {
        Directory(path: path, descriptor: try openAgain())
    }

    /// Returns a descriptor of another opening of the directory, which is its caller's to close.
    func openAgain() throws(SystemError) -> Int32 {
        try SystemError.check("open the directory '\(path)'") {
            clinux_openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        }
    }

    /// Opens a directory below this one, without following symbolic links.
    package func directory(_ below: RelativePath) throws(SystemError) -> Directory {
        let opened = try SystemError.check("open the directory '\(path)/\(below)'") {
            below.withCString { clinux_open_beneath(descriptor, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
        }
        return Directory(path: "\(path)/\(below)", descriptor: opened)
    }

    /// Opens a directory below this one and makes it, with what lies between, where it is not there.
    package func makeDirectory(_ below: RelativePath) throws(SystemError) -> Directory {
        do {
            return try directory(below)
        } catch  where error.code == ENOENT {
            if let parent = below.parent { _ = try makeDirectory(parent) }
            let made = below.withCString { mkdirat(descriptor, $0, 0o770) }
            if made == -1, errno != EEXIST { throw SystemError(operation: "make the directory '\(path)/\(below)'") }
            return try directory(below)
        }
    }

    /// Opens a file for reading, without following symbolic links and without waiting on a FIFO.
    ///
    /// The time of last access stays as it is where the file is this user's: to read is no access of the owner's, and
    /// to note it would cost a write a file.
    package func open(_ below: RelativePath) throws(SystemError) -> FileDescriptor {
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        if ownsFiles.load(ordering: .relaxed) {
            let number = below.withCString { clinux_open_beneath(descriptor, $0, flags | Int32(CLINUX_NOATIME)) }
            if number >= 0 { return FileDescriptor(number: number) }
            // Others' files refuse it: they are not asked again.
            if errno == EPERM { ownsFiles.store(false, ordering: .relaxed) }
        }
        return FileDescriptor(
            number: try SystemError.check("open '\(path)/\(below)'") {
                below.withCString { clinux_open_beneath(descriptor, $0, flags) }
            })
    }

    /// Returns what a name stands for, without following symbolic links; nil where there is nothing.
    package func status(of below: RelativePath) throws(SystemError) -> FileStatus? {
        var raw = stat()
        if below.withCString({ fstatat(descriptor, $0, &raw, AT_SYMLINK_NOFOLLOW) }) == 0 { return FileStatus(raw) }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw SystemError(operation: "look at '\(path)/\(below)'")
    }

    /// Lists the directory at once, without `.` and `..`; a ``DirectoryListing`` needs no memory for all of them.
    package func entries() throws(SystemError) -> [Entry] {
        let listing = try DirectoryListing(self)
        var entries: [Entry] = []
        while try listing.next() { entries.append(Entry(name: listing.name, kind: listing.kind)) }
        return entries
    }

    /// Removes a file.
    package func remove(_ below: RelativePath) throws(SystemError) {
        try SystemError.check("remove '\(path)/\(below)'") { below.withCString { unlinkat(descriptor, $0, 0) } }
    }

    /// Removes a file; returns whether it was there.
    @discardableResult
    package func removeIfThere(_ below: RelativePath) throws(SystemError) -> Bool {
        do throws(SystemError) { try remove(below) } catch {
            if error.code == ENOENT { return false }
            throw error
        }
        return true
    }

    /// Writes a small file whole or not at all: under a temporary name, synced, renamed over the old one.
    ///
    /// - Parameter folder: where the temporary name stands; this directory where it is nil or on another file system.
    package func write(_ bytes: [UInt8], to name: RelativePath, by folder: Directory? = nil) throws(SystemError) {
        let folder = folder ?? self
        let temporary = RelativePath(".\(getpid()).\(UInt32.random(in: 0 ... .max)).tmp")
        let file = FileDescriptor(
            number: try SystemError.check("write '\(path)/\(name)'") {
                temporary.withCString {
                    clinux_openat(
                        folder.descriptor, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o660)
                }
            })
        do throws(SystemError) {
            try file.writeAll(bytes)
            try file.sync()
            try SystemError.check("rename to '\(path)/\(name)'") {
                temporary.withCString { from in
                    name.withCString { renameat(folder.descriptor, from, descriptor, $0) }
                }
            }
        } catch {
            try? folder.remove(temporary)
            if error.code == EXDEV, folder !== self { return try write(bytes, to: name) }
            throw error
        }
        try sync()
    }

    /// Makes the directory's entries durable, where its file system does that for a directory.
    package func sync() throws(SystemError) {
        do { try SystemError.check("fsync '\(path)'") { fsync(descriptor) } } catch {
            guard [EINVAL, EOPNOTSUPP].contains(error.code) else { throw error }
        }
    }

    /// Makes everything on its file system durable.
    package func syncFileSystem() throws(SystemError) {
        try SystemError.check("syncfs '\(path)'") { clinux_sync_file_system(descriptor) }
    }

    /// Takes an exclusive lock (``FileLock``) on the directory itself, held while this object lives; false where another
    /// process has it, still after some time.
    ///
    /// - Throws: EBADF on NFS, which locks only what is open for writing, as a directory never is.
    package func lock(patience: Duration = .zero) throws(SystemError) -> Bool {
        try FileLock.take(descriptor, named: path, patience: patience)
    }

    /// Opens a file for writing and makes it where it is not there.
    package func openForWriting(_ below: RelativePath) throws(SystemError) -> FileDescriptor {
        FileDescriptor(
            number: try SystemError.check("open '\(path)/\(below)'") {
                below.withCString { clinux_openat(descriptor, $0, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o660) }
            })
    }

    /// Opens a file for writing at its end and makes it where it is not there.
    package func openForAppending(_ below: RelativePath) throws(SystemError) -> FileDescriptor {
        FileDescriptor(
            number: try SystemError.check("open '\(path)/\(below)'") {
                below.withCString {
                    clinux_openat(descriptor, $0, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o660)
                }
            })
    }

    /// The directory is on a file system that other machines may write to (NFS, SMB, FUSE and the like): no event tells of
    /// what they do, and its times are another clock's.
    package var isRemote: Bool { clinux_is_remote(descriptor) == 1 }
}

extension RelativePath {
    func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        terminated.withUnsafeBytes { body($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
    }
}
