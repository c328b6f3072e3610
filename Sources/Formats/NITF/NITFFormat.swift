/// IPTC NITF 3.x: one story a document.
///
/// Source: the NITF specification and its XML Schema, https://iptc.org/standards/nitf/.
package struct NITFFormat: StreamedFormat {
    static let name = "nitf"

    package var name: String { NITFFormat.name }

    /// Makes the format.
    package init() {}

    /// The root is nitf.
    package func sign(of bytes: [UInt8], name: [UInt8]) -> String? {
        XMLRoot(bytes)?.name == "nitf" ? "its root element is nitf" : nil
    }

    package func open(_ source: any ByteSource, _ context: FormatContext) -> any PartReader {
        NewsXMLReader(NITFDialect(), source, context)
    }
}
