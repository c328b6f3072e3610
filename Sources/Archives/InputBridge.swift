import CArchive
import Glibc

/// Feeds libarchive from a ``ByteInput``: owns the piece that libarchive looks at, and keeps what the input threw.
final class InputBridge {
    /// The number of bytes that are asked for at a time.
    static let pieceSize = 64 << 10

    private let input: any ByteInput
    /// The last piece, which libarchive looks at until it asks for the next.
    private let piece: UnsafeMutableRawBufferPointer
    private var pieceCount = 0
    private let tailSize: Int
    /// The last bytes that were read, as many as were asked for.
    private(set) var tail: [UInt8] = []
    /// The number of bytes that were read, those that were read again with them.
    private(set) var bytesRead = 0
    /// Where the next piece begins.
    private var place = 0
    /// What the input threw.
    private(set) var failure: (any Error)?
    /// The input has no more.
    private(set) var hasEnded = false

    /// Makes it for an input of which nothing was read.
    ///
    /// - Parameter tail: the number of last bytes to keep.
    init(_ input: any ByteInput, tail: Int = 0) {
        self.input = input
        tailSize = tail
        piece = .allocate(byteCount: InputBridge.pieceSize, alignment: 16)
    }

    deinit { piece.deallocate() }

    /// Reads the next piece; returns the number of its bytes, 0 at the end.
    func advance() throws -> Int {
        guard !hasEnded else { return 0 }
        let bytes = try input.read(upTo: InputBridge.pieceSize)
        precondition(bytes.count <= InputBridge.pieceSize, "an input gave more bytes than were asked for")
        bytes.withUnsafeBytes { piece.copyMemory(from: $0) }
        if !bytes.isEmpty { pieceCount = bytes.count }
        bytesRead += bytes.count
        place += bytes.count
        hasEnded = bytes.isEmpty
        if tailSize > 0 {
            let excess = tail.count + bytes.count - tailSize
            if excess > 0 { tail.removeFirst(min(excess, tail.count)) }
            // A slice: `+=` would choose the suffix of a sequence, which goes byte by byte.
            tail.append(contentsOf: bytes[max(0, bytes.count - tailSize)...])
        }
        return bytes.count
    }

    /// Reads to the end.
    func drain() throws { while try advance() > 0 {} }

    /// Whether all of the last `count` bytes that were read are zero.
    func endsInZeros(_ count: Int) -> Bool {
        count <= pieceCount && piece[(pieceCount - count)..<pieceCount].allSatisfy { $0 == 0 }
    }

    /// Limits how much libarchive may read from now on, in pieces; nil for no limit.
    func mayRead(_ count: Int?) { headerLimit = count.map { bytesRead + $0 } ?? .max }

    private var headerLimit = Int.max
    private var seekLimit = Int.max

    /// Makes a libarchive reader read from here. The bridge must outlive it.
    ///
    /// - Parameter limit: the number of bytes that may be read in all by one that seeks, so that nobody is made to read
    ///   the same bytes over and over; nil for a reader that does not seek.
    func attach(to archive: OpaquePointer, seekingWithin limit: Int? = nil) {
        seekLimit = limit ?? .max
        archive_read_set_callback_data(archive, Unmanaged.passUnretained(self).toOpaque())
        archive_read_set_read_callback(archive) { _, context, buffer in
            let bridge = Unmanaged<InputBridge>.fromOpaque(context!).takeUnretainedValue()
            do {
                guard bridge.bytesRead <= bridge.headerLimit else { throw bridge.excess("a header has no end") }
                let count = try bridge.advance()
                buffer!.pointee = UnsafeRawPointer(bridge.piece.baseAddress)
                return count
            } catch {
                bridge.failure = error
                return Int(ARCHIVE_FATAL)
            }
        }
        guard limit != nil else { return }
        archive_read_set_seek_callback(archive) { _, context, offset, origin in
            let bridge = Unmanaged<InputBridge>.fromOpaque(context!).takeUnretainedValue()
            do {
                return try bridge.seek(offset, from: origin)
            } catch {
                bridge.failure = error
                return Int64(ARCHIVE_FATAL)
            }
        }
    }

    private func excess(_ message: String) -> ArchiveError {
        ArchiveError(
            operation: "read archive", message: message, position: place, extent: .rest, isTruncated: false)
    }

    private func seek(_ offset: Int64, from origin: Int32) throws -> Int64 {
        guard let input = input as? any SeekableByteInput else { return Int64(ARCHIVE_FATAL) }
        let start =
            switch origin {
            case SEEK_CUR: place
            case SEEK_END: input.size
            default: 0
            }
        let (target, overflow) = start.addingReportingOverflow(Int(offset))
        guard !overflow, (0...input.size).contains(target) else { return Int64(ARCHIVE_FATAL) }
        guard bytesRead <= seekLimit else { throw excess("its entries lie one in the other") }
        try input.seek(to: target)
        place = target
        hasEnded = false
        return Int64(target)
    }
}
