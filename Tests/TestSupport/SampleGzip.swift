import CZlib

/// Compressed bytes as tests need them.
package enum SampleGzip {
    /// Compresses bytes as gzip.
    package static func compress(_ bytes: [UInt8], level: Int32 = 9) -> [UInt8] {
        deflate(bytes, windowBits: 15 + 16, level: level)
    }

    /// Compresses bytes as they stand in a zip.
    package static func deflate(_ bytes: [UInt8], level: Int32 = 9) -> [UInt8] {
        deflate(bytes, windowBits: -15, level: level)
    }

    private static func deflate(_ bytes: [UInt8], windowBits: Int32, level: Int32) -> [UInt8] {
        var stream = z_stream()
        precondition(
            deflateInit2_(
                &stream, level, Z_DEFLATED, windowBits, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK)
        defer { deflateEnd(&stream) }
        var input = bytes
        return input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            let bound = Int(deflateBound(&stream, UInt(input.count)))
            return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(bound)
                precondition(CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END)
                count = bound - Int(stream.avail_out)
            }
        }
    }

    /// The checksum of gzip and zip.
    package static func checksum(_ bytes: [UInt8]) -> UInt32 { UInt32(crc32(0, bytes, UInt32(bytes.count))) }
}
