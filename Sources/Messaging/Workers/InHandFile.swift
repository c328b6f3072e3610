import Glibc
package import Linux

/// Names the record that is being worked on, so that a record that ends the process (a trap, the out-of-memory killer) is
/// known at the next start.
///
/// It is written without fsync: it must survive the process, not the machine.
package final class InHandFile {
    /// A record that was in hand when the process ended.
    package struct Suspect: Equatable {
        package var stream: StreamID
        package var seq: UInt64
        /// How often the process ended with it in hand.
        package var crashes: Int

        /// It is the record at a place.
        package func isAt(_ position: Position) -> Bool { seq == position.seq && stream == position.stream }
    }

    /// What was in hand at the last unclean end; nil after a clean one.
    package private(set) var suspect: Suspect?
    private let descriptor: Int32
    /// Sequence number, crashes, and the stream's 16 bytes.
    private static let size = 32

    /// Opens the file, or makes it.
    package init(path: String) throws(SystemError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw SystemError(operation: "open '\(path)'") }
        var bytes = [UInt8](repeating: 0, count: InHandFile.size)
        // One of an older version names no stream: with several it would be another record's.
        guard pread(descriptor, &bytes, InHandFile.size, 0) == InHandFile.size,
            let stream = StreamID(bytes: bytes[16...])
        else {
            suspect = nil
            return
        }
        func word(_ start: Int) -> UInt64 { bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        suspect =
            word(0) == 0 ? nil : Suspect(stream: stream, seq: word(0), crashes: Int(clamping: word(8)) + 1)
    }

    deinit { close(descriptor) }

    /// Takes a record in hand. The crashes of the suspect are kept with it, those of others are 0.
    package func take(_ position: Position) {
        let crashes = suspect.map { $0.isAt(position) ? $0.crashes : 0 } ?? 0
        write(position.seq, UInt64(crashes), position.stream.bytes)
    }

    /// Forgets how often the process ended with a record in hand: somebody wants it tried again.
    func pardon(_ position: Position) { if suspect?.isAt(position) == true { suspect = nil } }

    /// Nothing is in hand.
    package func putDown() { write(0, 0, [UInt8](repeating: 0, count: 16)) }

    private func write(_ seq: UInt64, _ crashes: UInt64, _ stream: [UInt8]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(InHandFile.size)
        withUnsafeBytes(of: seq.littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: crashes.littleEndian) { bytes.append(contentsOf: $0) }
        bytes += stream
        _ = pwrite(descriptor, bytes, InHandFile.size, 0)
    }
}
