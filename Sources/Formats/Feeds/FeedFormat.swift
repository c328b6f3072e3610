import Articles
import Encodings
import XML

/// Feeds: RSS 0.9x, 1.0 and 2.0, and Atom 0.3 and 1.0, each entry an article.
///
/// What is not well-formed is read over, with a warning, as readers of feeds do.
package struct FeedFormat: StreamedFormat {
    static let name = "feed"

    package var name: String { FeedFormat.name }

    /// Makes the format.
    package init() {}

    /// A feed's root is one of a few elements, some only with a namespace of feeds.
    package func sign(of bytes: [UInt8], name: [UInt8]) -> String? {
        guard let root = XMLRoot(bytes) else { return nil }
        func declaresAny(_ namespaces: StaticString...) -> Bool { namespaces.contains { root.declares($0) } }
        switch root.local {
        case "rss": return "its root element is rss"
        case "feed": return "its root element is feed"
        case "rdf" where declaresAny("purl.org/rss/", "netscape.com/rdf", "/rss"):
            return "its root element is RDF, with a namespace of RSS"
        // The channel definition format has no namespace of its own.
        case "channel" where bytes.contains(sequence: "<item") || bytes.contains(sequence: "<ITEM"):
            return "its root element is channel, with items in it"
        case "entry" where declaresAny("purl.org/", "/Atom", "rss"):
            return "its root element is entry, with a namespace of Atom"
        default: return nil
        }
    }

    package func open(_ source: any ByteSource, _ context: FormatContext) -> any PartReader {
        WholeFeed(source, context)
    }

    /// Returns what a whole feed holds.
    static func read(_ bytes: [UInt8], _ context: FormatContext) throws(ParseError) -> any PartReader {
        let (reader, end) = try reader(of: bytes, context)
        return HeldParts(format: name, parts: reader.parts(), end: end)
    }

    /// Returns a feed that is ready to be read, and what ended it.
    static func reader(
        of bytes: [UInt8], _ context: FormatContext
    ) throws(ParseError) -> (reader: FeedReader, end: ParseError?) {
        let text = try PageEncoding(bytes, format: name)
        let repaired = XMLRepair.repair(text.text)
        var tree: XMLTree
        do {
            tree = try XMLTree(parsing: repaired.bytes)
            if tree.fault != nil { tree = try FeedFormat.mended(tree, repaired.bytes) }
        } catch {
            throw ParseError(
                code: error.isPremature ? .empty : .badXML, format: name,
                position: error.line > 0 ? .line(error.line) : nil, message: error.message,
                looksTruncated: error.isPremature)
        }
        var warnings = text.warnings
        if repaired.isRepaired || tree.fault != nil { warnings.append("markup_repaired") }
        let root = tree.name(0)!.local
        // Where the root does not end, more may come.
        let isCut = !XMLRoot.isClosed(repaired.bytes, root)
        let reader = FeedReader(tree, context, encoding: text.encoding.description, warnings: warnings, isCut: isCut)
        guard isCut else { return (reader, nil) }
        let end = ParseError(
            code: .badXML, format: name, message: "the feed ends before its \(root) element does", looksTruncated: true)
        return (reader, end)
    }

    /// Reads a document again whose tags do not fit together; the first reading's fault stays.
    private static func mended(_ tree: XMLTree, _ bytes: [UInt8]) throws(XMLError) -> XMLTree {
        var mended = try XMLTree(parsing: XMLTagRepair.repair(bytes))
        mended.note(tree.fault)
        return mended
    }
}
