import Articles
import Formats
import Glibc

// Reads whatever libFuzzer makes up as an archive of a crawl, and ends where a promise is broken. Build and run it like so:
//
//     DROPWIRE_FUZZING=1 swift build -c release --product fuzz-warc --sanitize=fuzzer --scratch-path BUILD
//     cp --backup=numbered Tests/FormatsTests/Fixtures/warc/*/input.* CORPUS
//     SWIFT_BACKTRACE=enable=no BUILD/release/fuzz-warc -timeout=5 -rss_limit_mb=1000 -malloc_limit_mb=5000 CORPUS
//
// With SwiftPM's plain build it is not there, as libFuzzer brings its main function.

/// Reads one input; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func readWARC(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let format = WARCFormat()
    let isWARC = format.recognizes(bytes, name: Array("fuzz.warc".utf8))
    let context = FormatContext(
        source: "fuzz", language: "und", path: "fuzz.warc", sha256: "", bytes: count,
        received: Timestamp(milliseconds: 0), maximumArticleBytes: 4096)
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
    precondition(parts <= count + 1, "there are more parts than bytes")
    precondition(parts > 0 || isCut || !isWARC, "a text that is recognized gives nothing and no error")
    return 0
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
