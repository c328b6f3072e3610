import Glibc
import Linux

/// Names the file that is being parsed, so that a file that ends the process (a trap, the out-of-memory killer) is known at
/// the next start. Written without fsync: it must survive the process, not the machine.
final class InHandNote {
    /// A file that was in hand when the process ended.
    struct Suspect: Equatable {
        var directory: Int64
        var path: RelativePath
    }

    /// What was in hand at the last unclean end; nil after a clean one.
    let suspect: Suspect?
    private let descriptor: Int32

    init(path: String) throws(SystemError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw SystemError(operation: "open '\(path)'") }
        var bytes = [UInt8](repeating: 0, count: 16 + Int(PATH_MAX))
        let count = pread(descriptor, &bytes, bytes.count, 0)
        func word(_ offset: Int) -> Int { bytes[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | Int($1) } }
        if count >= 16, case let length = word(8), length > 0, length <= count - 16 {
            suspect = Suspect(directory: Int64(word(0)), path: RelativePath(bytes: bytes[16..<16 + length]))
        } else {
            suspect = nil
        }
    }

    deinit { close(descriptor) }

    /// Takes a file in hand.
    func take(_ directory: Int64, _ path: RelativePath) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16 + path.bytes.count)
        withUnsafeBytes(of: directory.littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: Int64(path.bytes.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: path.bytes)
        _ = pwrite(descriptor, bytes, bytes.count, 0)
    }

    /// Nothing is in hand.
    func putDown() {
        let nothing = [UInt8](repeating: 0, count: 16)
        _ = pwrite(descriptor, nothing, 16, 0)
    }
}
