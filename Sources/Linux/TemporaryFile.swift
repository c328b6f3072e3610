import Glibc

/// A file without a name, for what does not fit into memory: it is gone with its owner, however that ends.
package struct TemporaryFile: ~Copyable {
    private let number: Int32
    /// The number of bytes written.
    package private(set) var count = 0

    /// Makes a file in `$TMPDIR`, or in /var/tmp, which is on a disk where /tmp is in memory.
    package init() throws(SystemError) {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/var/tmp"
        var path = Array("\(folder)/dropwire-XXXXXX".utf8CString)
        number = try SystemError.check("make a temporary file in '\(folder)'") { mkstemp(&path) }
        // Glibc's module does not show mkostemp(3).
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        unlink(path)
    }

    deinit { close(number) }

    /// Adds bytes at the end.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let result = pwrite(number, bytes.baseAddress! + written, bytes.count - written, off_t(count + written))
            if result == -1, errno == EINTR { continue }
            guard result > 0 else { throw SystemError(operation: "write a temporary file") }
            written += result
        }
        count += written
    }

    /// Fills a buffer from a place; what lies behind the file's end is an error.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SystemError) {
        var have = 0
        while have < buffer.count {
            let result = pread(number, buffer.baseAddress! + have, buffer.count - have, off_t(offset + have))
            if result == -1, errno == EINTR { continue }
            guard result > 0 else { throw SystemError(operation: "read a temporary file") }
            have += result
        }
    }
}
