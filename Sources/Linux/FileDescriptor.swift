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

    /// Takes an exclusive lock (flock(2)) without waiting; returns false where another process has it.
    package func lock() throws(SystemError) -> Bool {
        if flock(number, LOCK_EX | LOCK_NB) == 0 { return true }
        if errno == EWOULDBLOCK { return false }
        throw SystemError(operation: "flock")
    }
}
