import Glibc
import Linux

/// Names the record that is being worked on, so that a record that ends the process (a trap, the out-of-memory killer) is
/// known at the next start.
///
/// It is written without fsync: it must survive the process, not the machine.
final class InHandFile {
    /// A record that was in hand when the process ended.
    struct Suspect: Equatable {
        var seq: UInt64
        /// How often the process ended with it in hand.
        var crashes: Int
    }

    /// What was in hand at the last unclean end; nil after a clean one.
    let suspect: Suspect?
    private let descriptor: Int32

    /// Opens the file, or makes it.
    init(path: String) throws(SystemError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw SystemError(operation: "open '\(path)'") }
        var words: [UInt64] = [0, 0]
        let count = pread(descriptor, &words, 16, 0)
        suspect = count == 16 && words[0] != 0 ? Suspect(seq: words[0], crashes: Int(clamping: words[1]) + 1) : nil
    }

    deinit { close(descriptor) }

    /// Takes a record in hand. The crashes of the suspect are kept with it, those of others are 0.
    func take(_ seq: UInt64) { write(seq, crashes: suspect?.seq == seq ? suspect?.crashes ?? 0 : 0) }

    /// Nothing is in hand.
    func putDown() { write(0, crashes: 0) }

    private func write(_ seq: UInt64, crashes: Int) {
        let words: [UInt64] = [seq, UInt64(crashes)]
        _ = pwrite(descriptor, words, 16, 0)
    }
}
