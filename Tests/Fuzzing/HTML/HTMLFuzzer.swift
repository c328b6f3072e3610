import Articles
import Formats
import Glibc

// Reads whatever libFuzzer makes up as a page, and ends where a promise is broken. Build and run it like so:
//
//     DROPWIRE_FUZZING=1 swift build -c release --product fuzz-html --sanitize=fuzzer --scratch-path BUILD
//     cp --backup=numbered Tests/FormatsTests/Fixtures/html/*/input.* CORPUS
//     SWIFT_BACKTRACE=enable=no BUILD/release/fuzz-html -timeout=5 -rss_limit_mb=1000 -malloc_limit_mb=5000 CORPUS
//
// With SwiftPM's plain build it is not there, as libFuzzer brings its main function.

/// Reads one input; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func readPage(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let context = FormatContext(
        source: "fuzz", language: "und", path: "fuzz.html", sha256: "", bytes: count,
        received: Timestamp(milliseconds: 0), maximumArticleBytes: 1 << 20)
    let format = HTMLFormat()
    _ = format.recognizes(bytes, name: Array("fuzz.html".utf8))
    guard let file = try? format.parse(bytes, context) else { return 0 }
    precondition(file.articles.count == 1 && file.failed.isEmpty, "a page is one article")
    let article = file.articles[0]
    precondition(article.title != nil || article.body != nil, "there is an article without words")
    precondition(article.title?.isEmpty != true && article.body?.isEmpty != true, "words that are there are empty")
    // A byte of a page may become three of the text, and its markup has little more than the page's own.
    precondition((article.body ?? "").utf8.count <= 16 * count + 64, "the text is longer than the page")
    precondition((article.bodyHTML ?? "").utf8.count <= 64 * count + 64, "the markup is longer than the page")
    precondition(article.uri == nil || article.url != nil, "a name without an address")
    precondition(!article.encodeRecord().contains(0), "there is a NUL in the record")
    return 0
}
