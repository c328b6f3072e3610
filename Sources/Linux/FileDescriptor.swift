import CLinux
import Glibc

/// An open file; it closes when it goes out of scope.
package struct FileDescriptor: ~Copyable {
    let number: Int32

    init(number: Int32) { self.number = number }

    deinit { close(number) }

    /// A second descriptor of this process's standard input.
    package static func standardInput() throws(SystemError) -> FileDescriptor {
        FileDescriptor(number: try SystemError.check("dup standard input") { dup(0) })
    }

    /// A second descriptor of this process's standard output.
    package static func standardOutput() throws(SystemError) -> FileDescriptor {
        FileDescriptor(number: try SystemError.check("dup standard output") { dup(1) })
    }

    /// Opens a file for reading, whatever it is; symbolic links are followed.
    package init(path: String) throws(SystemError) {
        number = try SystemError.check("open '\(path)'") { clinux_open(path, O_RDONLY | O_CLOEXEC, 0) }
    }

    /// A path under which another process of the same user can open the file while this one holds it open, whatever its
    /// name is.
    package var sharedPath: String { "/proc/\(getpid())/fd/\(number)" }

    /// Returns what fstat(2) tells.
    package func status() throws(SystemError) -> FileStatus {
        var raw = stat()
        try SystemError.check("fstat") { fstat(number, &raw) }
        return FileStatus(raw)
    }

    /// Reads from the current place to the end, at most `limit` bytes.
    ///
    /// - Parameter expected: the size that is expected, for one allocation and two reads; a larger file is read too.
    package func readAll(expected: Int, limit: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        // One byte more than expected, so that a file of that size ends with one short read.
        var room = min(expected, limit) + 1
        while bytes.count < limit {
            var result = 0
            let piece = [UInt8](unsafeUninitializedCapacity: min(room, limit - bytes.count)) { buffer, count in
                repeat {
                    result = Glibc.read(number, buffer.baseAddress, buffer.count)
                } while result == -1 && errno == EINTR
                count = max(0, result)
            }
            guard result >= 0 else { throw SystemError(operation: "read") }
            if result == 0 { break }
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
            room = max(64 << 10, bytes.count)
        }
        return bytes
    }

    /// Reads a regular file of which nothing was read yet and whose size is known.
    ///
    /// - Returns: its first `size` bytes: fewer where it has shrunk, one more where it has grown.
    package func readWhole(size: Int) throws(SystemError) -> [UInt8] {
        var result = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
            // A regular file gives fewer bytes than were asked for at its end, or after 2 GiB: one call for most.
            repeat {
                result = Glibc.read(number, buffer.baseAddress! + count, buffer.count - count)
                if result > 0 { count += result }
            } while result == -1 && errno == EINTR || result > 0 && count < size
        }
        guard result >= 0 else { throw SystemError(operation: "read") }
        return bytes
    }

    /// Reads at most `count` bytes from the current place (read(2)), also of a pipe; none at the end.
    package func read(upTo count: Int) throws(SystemError) -> [UInt8] {
        var result = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            repeat {
                result = Glibc.read(number, buffer.baseAddress, buffer.count)
            } while result == -1 && errno == EINTR
            initialized = max(0, result)
        }
        guard result >= 0 else { throw SystemError(operation: "read") }
        return bytes
    }

    /// Reads at most `count` bytes from a place (pread(2)): fewer where there are no more for now, none at the end.
    package func read(upTo count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
        var result = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            repeat {
                result = pread(number, buffer.baseAddress, count, off_t(offset))
            } while result == -1
                && errno == EINTR
            initialized = max(0, result)
        }
        guard result >= 0 else { throw SystemError(operation: "read") }
        return bytes
    }

    /// Lets go of what the system keeps of the content in memory, so that the next read comes from the device; it may not.
    package func forgetCached() { posix_fadvise(number, 0, 0, POSIX_FADV_DONTNEED) }

    /// Takes over another file's times of access and change, its mode, and where that is allowed its owner.
    package func takeAttributes(of other: borrowing FileDescriptor) throws(SystemError) {
        var raw = stat()
        try SystemError.check("fstat") { fstat(other.number, &raw) }
        // Only root may give files away; the copy is this user's then, as any copy is.
        if fchown(number, raw.st_uid, raw.st_gid) != 0 { _ = fchown(number, uid_t.max, raw.st_gid) }
        try SystemError.check("fchmod") { fchmod(number, raw.st_mode & 0o7777) }
        try SystemError.check("futimens") { futimens(number, [raw.st_atim, raw.st_mtim]) }
    }

    /// Makes room for so many bytes on the device (posix_fallocate(3)); the file gets that long.
    package func allocate(_ bytes: Int) throws(SystemError) {
        let code = posix_fallocate(number, 0, off_t(bytes))
        guard code == 0 else { throw SystemError(code: code, operation: "make room for \(bytes) bytes") }
    }

    /// Writes all bytes.
    package func writeAll(_ bytes: [UInt8]) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            written += try SystemError.check("write") {
                bytes.withUnsafeBytes { write(number, $0.baseAddress! + written, bytes.count - written) }
            }
        }
    }

    /// Makes content and metadata durable.
    package func sync() throws(SystemError) { try SystemError.check("fsync") { fsync(number) } }

    /// Takes an exclusive lock (``FileLock``); returns false where another process has it, still after some time.
    package func lock(named path: String, patience: Duration = .zero) throws(SystemError) -> Bool {
        try FileLock.take(number, named: path, patience: patience)
    }
}
