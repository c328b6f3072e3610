import Articles
import Formats

/// Reads bytes as a file of a streamed format.
///
/// - Parameters:
///   - name: a name that the format knows its files by.
///   - limit: the size above which an article is refused.
func checkStreamed(_ format: some StreamedFormat, name: String, upTo limit: Int, _ bytes: [UInt8]) {
    let isRecognized = format.recognizes(bytes, name: Array(name.utf8))
    let context = FormatContext(
        source: "fuzz", language: "und", path: name, sha256: "", bytes: bytes.count,
        received: Timestamp(milliseconds: 0), maximumArticleBytes: limit)
    let reader = format.open(Pieces(bytes), context)
    var parts = 0
    var isCut = false
    do {
        while let part = try reader.next() {
            parts += 1
            precondition(part.number == parts, "parts are not numbered in their order")
            guard case .article(let article) = part.content else { continue }
            precondition(article.ingest.part == parts, "an article has the number of another")
            precondition(
                article.body?.isEmpty != true && article.title?.isEmpty != true, "words that are there are empty")
            precondition(!article.encodeRecord().contains(0), "there is a NUL in the record")
        }
    } catch {
        precondition(error is ParseError, "\(error)")
        isCut = true
    }
    precondition(parts <= bytes.count + 1, "there are more parts than bytes")
    precondition(parts > 0 || isCut || !isRecognized, "a text that is recognized gives nothing and no error")
}

/// Bytes in small pieces, so that every end of a piece is met.
private final class Pieces: ByteSource {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    func read(upTo count: Int) -> [UInt8] {
        let piece = Array(rest.prefix(min(count, 61)))
        rest = rest.dropFirst(piece.count)
        return piece
    }
}
