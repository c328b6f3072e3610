import Articles
import Formats

/// Reads bytes as a container, held and in pieces.
func checkContainer(_ bytes: [UInt8]) {
    let context = FormatContext(
        source: "fuzz", language: "und", path: "fuzz", sha256: "", bytes: bytes.count,
        received: Timestamp(milliseconds: 0), maximumArticleBytes: 1 << 16)
    var rules = ContainerRules()
    rules.maximumMembers = 1000
    rules.maximumExpansion = 100
    let parser = FileParser(rules: rules)
    let name = Array("fuzz.tar".utf8)
    let held = Outcome(parser.open(bytes, name: name, context))
    precondition(held.isComplete, "nothing came of it, without an error")
    precondition(held.areNumbersRight, "parts are numbered out of order")
    precondition(
        held.size <= (1 << 20) + 100 * bytes.count + (1 << 16), "articles have more bytes than it may expand to")
    guard let streamed = try? parser.open(PieceSource(bytes), name: name, context) else {
        fatalError("a source that does not throw was said to")
    }
    let pieces = Outcome(streamed)
    precondition(pieces.isComplete && pieces.areNumbersRight, "it depends on the source")
}

/// What came of reading a file to its end.
private struct Outcome {
    var count = 0
    var size = 0
    var areNumbersRight = true
    var error: (any Error)?

    init(_ reader: any PartReader) {
        do {
            while let part = try reader.next() {
                count += 1
                if part.number != count { areNumbersRight = false }
                if case .article(let article) = part.content { size += article.encodeRecord().count }
            }
        } catch {
            self.error = error
        }
    }

    /// It gave parts or says why not.
    var isComplete: Bool { count > 0 || error is ParseError }
}

/// A source that cannot be read from any place, in pieces of odd sizes.
private final class PieceSource: ByteSource {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func read(upTo count: Int) -> [UInt8] {
        let end = min(bytes.count, place + min(count, 1 + (place * 7) % 600))
        defer { place = end }
        return Array(bytes[place..<end])
    }
}
