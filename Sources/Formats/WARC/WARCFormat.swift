/// Archives of crawls: WARC (ISO 28500) and ARC, each page of HTML in them an article.
///
/// Pages are answers with status 200, and files without the protocol around them. All else, as pictures, redirections
/// and what the crawler says of itself, is passed over.
package struct WARCFormat: StreamedFormat {
    package let name = "warc"

    /// Makes the format.
    package init() {}

    /// Returns whether the content begins as an archive of a crawl does.
    package func recognizes(_ bytes: [UInt8], name: [UInt8]) -> Bool {
        bytes.starts(with: "WARC/".utf8) || bytes.starts(with: "filedesc://".utf8)
    }

    package func open(_ source: any ByteSource, _ context: FormatContext) -> any PartReader {
        WARCReader(source, context)
    }
}
