import Articles
import Formats
import FuzzingSupport

// Reads whatever libFuzzer makes up as Markdown, plain text, wire messages and Reuters SGML, and ends where a promise is
// broken. Build and run it like so:
//
//     DROPWIRE_FUZZING=1 swift build -c release --product fuzz-text --sanitize=fuzzer --scratch-path BUILD
//     cp --backup=numbered Tests/FormatsTests/Fixtures/{markdown,plain,wire,reuters-sgml}/*/input.* CORPUS
//     SWIFT_BACKTRACE=enable=no BUILD/release/fuzz-text -timeout=5 -rss_limit_mb=1000 -malloc_limit_mb=5000 CORPUS
//
// With SwiftPM's plain build it is not there, as libFuzzer brings its main function.

/// Reads one input as each format that it may be of; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func readText(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if bytes.prefix(64).contains(1) { _ = fuzz(WireFormat(), name: "fuzz.txt", upTo: 4096, start, count) }
    if bytes.prefix(64).contains(UInt8(ascii: "<")) {
        _ = fuzz(ReutersFormat(), name: "fuzz.sgm", upTo: 4096, start, count)
    }
    read(MarkdownFormat(), bytes)
    read(PlainFormat(), bytes)
    return 0
}

/// Reads a file of one article.
private func read(_ format: some ArticleFormat, _ bytes: [UInt8]) {
    _ = format.recognizes(bytes, name: Array("fuzz.txt".utf8))
    let context = FormatContext(
        source: "fuzz", language: "und", path: "fuzz.txt", sha256: "", bytes: bytes.count,
        received: Timestamp(milliseconds: 0), maximumArticleBytes: 1 << 20)
    do throws(ParseError) {
        let file = try format.parse(bytes, context)
        precondition(file.articles.count == 1, "a file of one article has another number of them")
        let article = file.articles[0]
        precondition(article.title != nil || article.body != nil || article.abstract != nil, "an article has no words")
        for words in [article.title, article.body, article.bodyHTML] {
            precondition(words?.isEmpty != true, "words that are there are empty")
        }
        precondition(!article.encodeRecord().contains(0), "there is a NUL in the record")
    } catch {
        precondition(error.message.utf8.count <= 1000, "an error is longer than anybody reads")
    }
}
