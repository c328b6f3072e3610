import CZlib

/// Compresses small pieces of one kind, each by itself: raw deflate (RFC 1951) with a dictionary of what they have in common.
///
/// Not for streams or files, and without a checksum: whoever stores the pieces has one, or none is needed. It is used by one
/// thread at a time.
package final class Packer {
    /// What is no packed piece, or not packed with this dictionary.
    package struct Damaged: Error, CustomStringConvertible {
        package let description: String
    }

    private let dictionary: [UInt8]
    // zlib keeps the addresses of its streams: they must not move.
    private let packing: UnsafeMutablePointer<z_stream>
    private let unpacking: UnsafeMutablePointer<z_stream>

    /// Makes one; pieces that were packed are unpacked with the same dictionary only.
    ///
    /// - Parameter level: zlib's, 1 (the fastest) to 9.
    package init(dictionary: [UInt8], level: Int32 = 1) {
        self.dictionary = dictionary
        packing = .allocate(capacity: 1)
        packing.initialize(to: z_stream())
        unpacking = .allocate(capacity: 1)
        unpacking.initialize(to: z_stream())
        guard czlib_begin_packing(packing, level) == Z_OK, czlib_begin_unpacking(unpacking) == Z_OK else {
            fatalError("out of memory")
        }
    }

    deinit {
        deflateEnd(packing)
        inflateEnd(unpacking)
        packing.deallocate()
        unpacking.deallocate()
    }

    /// Appends the packed form of a piece of less than 2 GiB.
    package func append(_ piece: [UInt8], to packed: inout [UInt8]) {
        precondition(piece.count < 1 << 31, "a piece is too large to be packed")
        deflateReset(packing)
        let room = Int(deflateBound(packing, UInt(piece.count)))
        packed += [UInt8](unsafeUninitializedCapacity: room) { output, count in
            dictionary.withUnsafeBufferPointer {
                _ = deflateSetDictionary(packing, $0.baseAddress, UInt32($0.count))
            }
            piece.withUnsafeBufferPointer { input in
                packing.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                packing.pointee.avail_in = UInt32(input.count)
                packing.pointee.next_out = output.baseAddress
                packing.pointee.avail_out = UInt32(room)
                // There is room for whatever comes out.
                guard deflate(packing, Z_FINISH) == Z_STREAM_END else { fatalError("deflate did not end") }
            }
            count = room - Int(packing.pointee.avail_out)
        }
    }

    /// Unpacks a piece whose size is known.
    package func unpack(_ packed: Span<UInt8>, count: Int) throws(Damaged) -> [UInt8] {
        guard count >= 0, count < 1 << 31, packed.count < 1 << 31 else {
            throw Damaged(description: "a packed piece says that it has \(count) bytes")
        }
        inflateReset(unpacking)
        var code = Z_OK
        var left: UInt32 = 0
        // A byte of room more, so that an empty piece has an address, too.
        let piece = [UInt8](unsafeUninitializedCapacity: count + 1) { output, initialized in
            dictionary.withUnsafeBufferPointer {
                _ = inflateSetDictionary(unpacking, $0.baseAddress, UInt32($0.count))
            }
            packed.withUnsafeBufferPointer { input in
                unpacking.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                unpacking.pointee.avail_in = UInt32(input.count)
                unpacking.pointee.next_out = output.baseAddress
                unpacking.pointee.avail_out = UInt32(count + 1)
                code = inflate(unpacking, Z_FINISH)
                left = unpacking.pointee.avail_in
            }
            initialized = count + 1 - Int(unpacking.pointee.avail_out)
        }
        guard code == Z_STREAM_END, left == 0, piece.count == count else {
            throw Damaged(description: "a packed piece is damaged: zlib code \(code), \(piece.count) of \(count) bytes")
        }
        return piece
    }
}
