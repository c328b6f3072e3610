import CLinux
import Glibc

/// A small file mapped into memory (mmap(2), shared): what is written survives the death of the process, not that of the
/// machine.
package final class MappedFile {
    /// In bytes.
    package let size: Int
    private let start: UnsafeMutableRawPointer

    /// Maps the first `size` bytes of a file; makes it, and makes it that long, where it is not.
    package init(path: String, size: Int) throws(SystemError) {
        self.size = size
        let descriptor = try SystemError.check("open '\(path)'") {
            clinux_open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        }
        defer { close(descriptor) }
        // Allocated, not only set: a mapped page that finds the disk full would end the process.
        let code = posix_fallocate(descriptor, 0, off_t(size))
        guard code == 0 else { throw SystemError(code: code, operation: "make room in '\(path)'") }
        guard let mapped = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), mapped != MAP_FAILED
        else { throw SystemError(operation: "map '\(path)'") }
        start = mapped
    }

    deinit { munmap(start, size) }

    /// Returns the integer at an offset, in the machine's byte order.
    package func integer(at offset: Int) -> Int64 {
        precondition(offset >= 0 && offset + 8 <= size)
        return start.loadUnaligned(fromByteOffset: offset, as: Int64.self)
    }

    /// Sets the integer at an offset.
    package func set(_ value: Int64, at offset: Int) {
        precondition(offset >= 0 && offset + 8 <= size)
        start.storeBytes(of: value, toByteOffset: offset, as: Int64.self)
    }

    /// Returns a copy of bytes.
    package func bytes(_ range: Range<Int>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= size)
        return Array(UnsafeRawBufferPointer(start: start + range.lowerBound, count: range.count))
    }

    /// Sets bytes from an offset on.
    package func set(_ bytes: ArraySlice<UInt8>, at offset: Int) {
        precondition(offset >= 0 && offset + bytes.count <= size)
        bytes.withUnsafeBytes {
            if let from = $0.baseAddress { (start + offset).copyMemory(from: from, byteCount: $0.count) }
        }
    }
}
