/// Bytes that come in order, from a medium that the readers of this room know nothing of. It has one reader.
package protocol ByteInput: AnyObject {
    /// Returns the next bytes, at most `count` and at least one; none at the end.
    ///
    /// - Throws: what its medium throws. The readers of this room pass it on as it is.
    func read(upTo count: Int) throws -> [UInt8]
}

/// An input that can be read from any place.
package protocol SeekableByteInput: ByteInput {
    /// The number of bytes in it.
    var size: Int { get }

    /// Makes `offset` the place of the next byte.
    func seek(to offset: Int) throws
}
