/// A file format: bytes in, articles out. It does no I/O and reads no clock.
package protocol ArticleFormat: Sendable {
    /// The word that stands in `ingest.format`, for example `native`.
    var name: String { get }

    /// Returns whether the bytes are of this format; the file's name may confirm what the content suggests.
    func recognizes(_ bytes: [UInt8], name: [UInt8]) -> Bool

    /// Returns the articles of a file, or throws where the file as a whole cannot be read.
    func parse(_ bytes: [UInt8], _ context: FormatContext) throws(ParseError) -> ParsedFile
}
