/// IPTC NewsML-G2: a news, package or planning item, or a message with any number of them, each an article. Items that
/// define concepts, knowledge or catalogs are no news.
///
/// Source: the NewsML-G2 specification and its XML Schema, https://iptc.org/standards/newsml-g2/.
package struct NewsMLG2Format: StreamedFormat {
    static let name = "newsml-g2"

    package var name: String { NewsMLG2Format.name }

    /// Makes the format.
    package init() {}

    /// The root is an item of NewsML-G2, or a message of them.
    package func sign(of bytes: [UInt8], name: [UInt8]) -> String? {
        guard let root = XMLRoot(bytes)?.name, let tag = NewsTag(rawValue: root),
            tag == .newsMessage || NewsMLG2Item.isItem(tag)
        else { return nil }
        return "its root element is \(root)"
    }

    package func open(_ source: any ByteSource, _ context: FormatContext) -> any PartReader {
        NewsXMLReader(NewsMLG2Dialect(), source, context)
    }
}
