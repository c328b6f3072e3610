/// IPTC NewsML 1.0 to 1.2: a document with any number of news items, each an article.
///
/// Source: the NewsML 1.2 functional specification and DTD, https://iptc.org/standards/newsml-1/.
package struct NewsML1Format: StreamedFormat {
    static let name = "newsml"

    package var name: String { NewsML1Format.name }

    /// Makes the format.
    package init() {}

    /// The root is NewsML.
    package func sign(of bytes: [UInt8], name: [UInt8]) -> String? {
        XMLRoot(bytes)?.name == "NewsML" ? "its root element is NewsML" : nil
    }

    package func open(_ source: any ByteSource, _ context: FormatContext) -> any PartReader {
        NewsXMLReader(NewsML1Dialect(), source, context)
    }
}
