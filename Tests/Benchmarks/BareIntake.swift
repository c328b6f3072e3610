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

    func take(_ from: String, to: String) throws {
        let descriptor = open(from, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(operation: "open '\(from)'") }
        let count = read(descriptor, &buffer, buffer.count)
        close(descriptor)
        guard count >= 0 else { throw SystemError(operation: "read '\(from)'") }
        buffer.withUnsafeBytes { digest.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        check ^= digest.finish()[0]
        guard rename(from, to) == 0 else { throw SystemError(operation: "rename '\(from)'") }
    }
}
