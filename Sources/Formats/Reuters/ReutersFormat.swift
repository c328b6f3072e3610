/// The news archive of Reuters in SGML, as the collection Reuters-21578 is distributed: a file has a thousand records or
/// so, each between `<REUTERS …>` and `</REUTERS>`.
package struct ReutersFormat: StreamedFormat {
    static let name = "reuters-sgml"

    package var name: String { ReutersFormat.name }

    /// Makes the format.
    package init() {}

    /// The doctype `lewis`, or the tag of a record.
    package func sign(of bytes: [UInt8], name: [UInt8]) -> String? {
        guard bytes.beginsWithTag(within: 64) else { return nil }
        let text = bytes.drop { $0 != UInt8(ascii: "<") }.prefix(40)
        let start = String(decoding: text, as: UTF8.self).lowercased()
        if start.hasPrefix("<!doctype lewis") { return "its doctype is lewis" }
        return start.hasPrefix("<reuters ") || start.hasPrefix("<reuters>") ? "its first tag is REUTERS" : nil
    }

    package func open(_ source: any ByteSource, _ context: FormatContext) -> any PartReader {
        ReutersReader(source, context)
    }
}
