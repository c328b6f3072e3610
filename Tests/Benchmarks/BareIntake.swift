import Glibc
import Hashing
import Linux

/// The bare loop that intake is compared with: it opens, reads, hashes and renames files, and keeps nothing.
final class BareIntake {
    private var buffer: [UInt8]
    private var digest = SHA256()
    /// What is not used might not be computed.
    private(set) var check: UInt8 = 0

    /// Makes it for files of at most so many bytes.
    init(maximumBytes: Int) { buffer = [UInt8](repeating: 0, count: maximumBytes + 1) }

    /// Reads, hashes and renames a file.
    func take(_ from: String, to: String) throws {
        try read(from) { _ in }
        try move(from, to: to)
    }

    /// Reads and hashes a file; `body` has its bytes.
    func read(_ path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(operation: "open '\(path)'") }
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        close(descriptor)
        guard count >= 0 else { throw SystemError(operation: "read '\(path)'") }
        try buffer.withUnsafeBytes {
            let bytes = UnsafeRawBufferPointer(rebasing: $0[..<count])
            digest.update(bytes)
            try body(bytes)
        }
        check ^= digest.finish()[0]
    }

    /// Renames a file.
    func move(_ from: String, to: String) throws {
        guard rename(from, to) == 0 else { throw SystemError(operation: "rename '\(from)'") }
    }
}
