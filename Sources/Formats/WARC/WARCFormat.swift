/// Archives of crawls: WARC (ISO 28500) and ARC, each page of HTML in them an article.
///
/// Pages are answers with status 200, and files without the protocol around them. All else, as pictures, redirections
/// and what the crawler says of itself, is passed over.
package struct WARCFormat: StreamedFormat {
    package let name = "warc"

    /// Makes the format.
    package init() {}

    /// An archive of a crawl begins with a word that nothing else begins with.
    package func sign(of bytes: [UInt8], name: [UInt8]) -> String? {
        if bytes.starts(with: "WARC/".utf8) { return "it begins with WARC/" }
        return bytes.starts(with: "filedesc://".utf8) ? "it begins with filedesc://, as ARC does" : nil
    }

    package func open(_ source: any ByteSource, _ context: FormatContext) -> any PartReader {
        WARCReader(source, context)
    }
}
