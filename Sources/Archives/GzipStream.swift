import CZlib

/// Decompresses gzip with zlib, since libarchive does not compare the checksum.
final class GzipStream {
    private static let pieceSize = 64 << 10

    private let input: any ByteInput
    // zlib keeps the address of its stream: it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let piece: UnsafeMutablePointer<UInt8>
    private var bytesRead = 0
    private var isInMember = true
    private var isAtEnd = false

    init(_ input: any ByteInput) {
        self.input = input
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        piece = .allocate(capacity: GzipStream.pieceSize)
        guard czlib_begin_gzip(stream) == Z_OK else { fatalError("out of memory") }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        piece.deallocate()
    }

    /// Returns the next bytes; none at the end.
    func read(upTo count: Int) throws -> [UInt8] {
        while !isAtEnd {
            if !isInMember {
                guard try beginMember() else { break }
            }
            if stream.pointee.avail_in == 0, try !advance() {
                throw error("it ends early", isTruncated: true)
            }
            var code = Z_OK
            let room = min(count, 1 << 30)
            let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(room)
                code = inflate(stream, Z_NO_FLUSH)
                initialized = room - Int(stream.pointee.avail_out)
            }
            switch code {
            case Z_STREAM_END: isInMember = false
            // Not an error: it needs more input.
            case Z_OK, Z_BUF_ERROR: break
            default: throw error(stream.pointee.msg.map { String(cString: $0) } ?? "zlib code \(code)")
            }
            if !bytes.isEmpty { return bytes }
        }
        return []
    }

    /// Goes on behind a member; returns whether another one follows.
    private func beginMember() throws -> Bool {
        while true {
            if stream.pointee.avail_in == 0, try !advance() {
                isAtEnd = true
                return false
            }
            switch stream.pointee.next_in.pointee {
            case 0x1f:
                inflateReset(stream)
                isInMember = true
                return true
            // Files that were written in blocks are filled up with zeros.
            case 0:
                stream.pointee.next_in += 1
                stream.pointee.avail_in -= 1
            default: throw error("there are other bytes behind its end")
            }
        }
    }

    /// Reads the next piece; returns whether there was one.
    private func advance() throws -> Bool {
        let bytes = try input.read(upTo: GzipStream.pieceSize)
        precondition(bytes.count <= GzipStream.pieceSize, "an input gave more bytes than were asked for")
        bytes.withUnsafeBufferPointer { if let start = $0.baseAddress { piece.update(from: start, count: $0.count) } }
        stream.pointee.next_in = piece
        stream.pointee.avail_in = UInt32(bytes.count)
        bytesRead += bytes.count
        return !bytes.isEmpty
    }

    private func error(_ message: String, isTruncated: Bool = false) -> ArchiveError {
        ArchiveError(
            operation: "decompress gzip", message: message, position: bytesRead - Int(stream.pointee.avail_in),
            extent: .rest, isTruncated: isTruncated)
    }
}
