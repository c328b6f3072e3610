package import Archives

/// Bytes that come in order: a file, or a member of a container. It has one reader.
package protocol ByteSource: ByteInput {
    /// Returns the next bytes, at most `count` and at least one; none at the end.
    ///
    /// - Throws: what the source's own medium throws, or ``ParseError`` where a container cannot be read further. A
    ///   reader passes on what is not its own: an input error is no fault of the content.
    func read(upTo count: Int) throws -> [UInt8]
}

/// A source that can be read from any place, as a file can. A zip is then read by its directory, which tells more.
package protocol SeekableByteSource: ByteSource, SeekableByteInput {
    /// The number of bytes in it.
    var size: Int { get }

    /// Makes `offset` the place of the next byte.
    func seek(to offset: Int) throws
}
