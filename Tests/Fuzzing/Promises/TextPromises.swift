import Articles
import Formats

/// Reads bytes as Markdown, plain text, and where they may be some as wire messages and Reuters SGML.
func checkText(_ bytes: [UInt8]) {
    if bytes.prefix(64).contains(1) { checkStreamed(WireFormat(), name: "fuzz.txt", upTo: 4096, bytes) }
    if bytes.prefix(64).contains(UInt8(ascii: "<")) {
        checkStreamed(ReutersFormat(), name: "fuzz.sgm", upTo: 4096, bytes)
    }
    read(MarkdownFormat(), bytes)
    read(PlainFormat(), bytes)
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
