import Articles
import Encodings

/// JSON: objects that are articles, alone, in a list, or one after the other (NDJSON), in any of the dialects of
/// ``JSONDialects``.
package struct JSONFormat: StreamedFormat {
    static let name = "json"

    package var name: String { JSONFormat.name }
    private let dialects: JSONDialects

    /// Makes the format.
    ///
    /// - Parameter mapping: which members of objects that are of no known dialect mean what.
    package init(mapping: FieldMapping = .usual) { dialects = JSONDialects(mapping: mapping) }

    /// JSON begins with an object or a list of them; with `[` alone the name must say so, since texts begin so, too.
    package func sign(of bytes: [UInt8], name: [UInt8]) -> String? {
        if let wide = JSONEncoding.wide(bytes),
            let start = TextConverter.utf8(from: Array(bytes.prefix(1024)), in: wide)
        {
            return sign(of: start.text, name: name)
        }
        var text = bytes[...]
        if text.starts(with: [0xef, 0xbb, 0xbf]) { text = text.dropFirst(3) }
        // A list of formats that texts may come in begins each with a mark (RFC 7464).
        text = text.drop { $0.isSpace || $0 == 0x1e }
        guard let first = text.first else { return nil }
        let second = text.dropFirst().drop { $0.isSpace }.first
        // Most files are told by their first byte: their names are not looked at.
        func isNamed() -> Bool {
            [".json", ".ndjson", ".jsonl", ".jsonld", ".geojson"].contains { name.hasEnding($0) }
        }
        switch (first, second) {
        case (UInt8(ascii: "{"), UInt8(ascii: "\"")), (UInt8(ascii: "{"), UInt8(ascii: "}")):
            return "it begins with an object"
        case (UInt8(ascii: "["), UInt8(ascii: "{")): return "it begins with a list of objects"
        case (UInt8(ascii: "{"), _), (UInt8(ascii: "["), _):
            return isNamed() ? "it begins with a bracket, and its name ends as that of JSON does" : nil
        default: return nil
        }
    }

    package func open(_ source: any ByteSource, _ context: FormatContext) -> any PartReader {
        JSONPartReader(source, context, dialects)
    }
}
