/// A file format: bytes in, articles out. It does no I/O and reads no clock.
package protocol ArticleFormat: Sendable {
    /// The word that stands in `ingest.format`, for example `native`.
    var name: String { get }

    /// Returns by what the bytes are known to be of this format, as people read it (`the root element is rss`), or nil
    /// where they are of another. The file's name may confirm what the content suggests.
    func sign(of bytes: [UInt8], name: [UInt8]) -> String?

    /// Returns the articles of a file, or throws where the file as a whole cannot be read.
    func parse(_ bytes: [UInt8], _ context: FormatContext) throws(ParseError) -> ParsedFile
}

extension ArticleFormat {
    /// Returns whether the bytes are of this format.
    package func recognizes(_ bytes: [UInt8], name: [UInt8]) -> Bool { sign(of: bytes, name: name) != nil }
}
