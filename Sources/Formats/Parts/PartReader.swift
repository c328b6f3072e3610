/// Reads a file's parts one after the other, holding one at a time. It has one user.
package protocol PartReader: AnyObject {
    /// The word that stands in `format` of the file's record: the format's name, or that of the container with those of
    /// its layers, for example `tar+gzip`.
    var format: String { get }

    /// Returns the next part; nil at the end.
    ///
    /// - Throws: ``ParseError`` where the rest of the file cannot be read; what its ``ByteSource`` throws.
    func next() throws -> ParsedPart?
}
