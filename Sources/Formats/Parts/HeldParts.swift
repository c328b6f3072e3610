/// Gives parts that were all read, and then what ended the reading before the file's end, if anything did.
final class HeldParts: PartReader {
    let format: String
    private var parts: ArraySlice<ParsedPart>
    private let end: ParseError?

    init(format: String, parts: [ParsedPart], end: ParseError?) {
        self.format = format
        self.parts = parts[...]
        self.end = end
    }

    func next() throws -> ParsedPart? {
        if let part = parts.popFirst() { return part }
        if let end { throw end }
        return nil
    }
}
