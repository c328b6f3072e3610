import Articles
import Formats

/// Reads bytes as a page.
func checkPage(_ bytes: [UInt8]) {
    let context = FormatContext(
        source: "fuzz", language: "und", path: "fuzz.html", sha256: "", bytes: bytes.count,
        received: Timestamp(milliseconds: 0), maximumArticleBytes: 1 << 20)
    let format = HTMLFormat()
    _ = format.recognizes(bytes, name: Array("fuzz.html".utf8))
    guard let file = try? format.parse(bytes, context) else { return }
    precondition(file.articles.count == 1 && file.failed.isEmpty, "a page is one article")
    let article = file.articles[0]
    precondition(article.title != nil || article.body != nil, "there is an article without words")
    precondition(article.title?.isEmpty != true && article.body?.isEmpty != true, "words that are there are empty")
    // A byte of a page may become three of the text, and its markup has little more than the page's own.
    precondition((article.body ?? "").utf8.count <= 16 * bytes.count + 64, "the text is longer than the page")
    precondition((article.bodyHTML ?? "").utf8.count <= 64 * bytes.count + 64, "the markup is longer than the page")
    precondition(article.uri == nil || article.url != nil, "a name without an address")
    precondition(!article.encodeRecord().contains(0), "there is a NUL in the record")
}
