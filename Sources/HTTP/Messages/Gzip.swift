import CZlib

/// The content coding `gzip`, by zlib.
enum Gzip {
    /// How hard it is tried to make something small.
    enum Effort: Int32 {
        /// For what is sent once: a third of the time of the usual level.
        case quick = 1
        /// For what is kept and sent again and again.
        case best = 9
    }

    /// Returns the compressed bytes of less than 2 GiB. The corresponding C function is `deflate`.
    static func compressed(_ bytes: [UInt8], effort: Effort) -> [UInt8] {
        precondition(bytes.count < 1 << 31, "a body is too large to be compressed")
        var stream = z_stream()
        return withUnsafeMutablePointer(to: &stream) { stream in
            guard czlib_begin_gzipping(stream, effort.rawValue) == Z_OK else { fatalError("out of memory") }
            defer { deflateEnd(stream) }
            let room = Int(deflateBound(stream, UInt(bytes.count)))
            return [UInt8](unsafeUninitializedCapacity: room) { output, count in
                bytes.withUnsafeBufferPointer { input in
                    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                    stream.pointee.avail_in = UInt32(input.count)
                    stream.pointee.next_out = output.baseAddress
                    stream.pointee.avail_out = UInt32(room)
                    // There is room for whatever comes out.
                    guard deflate(stream, Z_FINISH) == Z_STREAM_END else { fatalError("deflate did not end") }
                }
                count = room - Int(stream.pointee.avail_out)
            }
        }
    }
}
