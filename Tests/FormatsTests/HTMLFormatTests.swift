import Articles
import Formats
import Glibc
import Testing

@Suite struct HTMLFormatTests {
    private func parse(
        _ page: [UInt8], language: String = "und", limit: Int = 64 << 20
    ) throws(ParseError) -> Article {
        var context = FormatContext.sample(bytes: page.count, limit: limit)
        context.language = language
        return try HTMLFormat().parse(page, context).articles[0]
    }

    private func parse(_ page: String, language: String = "und") throws(ParseError) -> Article {
        try parse(Array(page.utf8), language: language)
    }

    private func error(_ page: [UInt8], limit: Int = 64 << 20) -> ParseError? {
        do {
            _ = try parse(page, limit: limit)
            return nil
        } catch {
            return error
        }
    }

    /// A page with a text long enough to be an article's.
    private func page(head: String = "", above: String = "", below: String = "") -> String {
        """
        <!DOCTYPE html><html><head><title>The bridge is open</title>\(head)</head><body><main><h1>The bridge is open</h1>
        \(above)<div><p>After two years of building, the bridge between the harbour and the islands is open to everybody.</p>
        <p>The ferry stops at the end of March. “Nobody will miss the queue,” said the mayor on Wednesday.</p></div>\(below)
        </main></body></html>
        """
    }

    // MARK: What is a page

    @Test(arguments: [
        "<!DOCTYPE html><p>x", "<!doctype HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">", "<html lang=en>", "<HTML>",
        "\u{feff}<html>", "  \n<!-- a --><!-- b -->\n<html>", "<?xml version='1.0'?><!DOCTYPE html>", "<head>",
        "<body\n>",
    ]) func `a page is known by its beginning`(_ text: String) {
        #expect(HTMLFormat().recognizes(Array(text.utf8), name: Array("x.txt".utf8)))
    }

    @Test func `a page in UTF-16 is known too`() {
        let text = "<!DOCTYPE html><html>".utf16
        #expect(HTMLFormat().recognizes([0xff, 0xfe] + text.flatMap { [UInt8($0 & 0xff), 0] }, name: []))
        #expect(HTMLFormat().recognizes(text.flatMap { [0, UInt8($0 & 0xff)] }, name: []))
    }

    @Test func `a piece of a page is known by its name as well`() {
        let piece = Array("<div><p>x".utf8)
        #expect(HTMLFormat().recognizes(piece, name: Array("news.HTML".utf8)))
        #expect(HTMLFormat().recognizes(piece, name: Array("news.htm".utf8)))
        #expect(!HTMLFormat().recognizes(piece, name: Array("news.txt".utf8)))
    }

    @Test(arguments: [
        "", "Headline", "<COMPANY> rises", "<htmlx>", "<?xml version='1.0'?><rss>", "<nitf>", "{\"a\": \"<html>\"}",
        "<3 html",
    ]) func `what is no page is left to others`(_ text: String) {
        #expect(!HTMLFormat().recognizes(Array(text.utf8), name: Array("x.html".utf8)))
    }

    // MARK: What cannot be an article

    @Test(arguments: [
        "<html></html>", "<html><body><script>x()</script></body></html>",
        "<html><head><title> </title></head><body><p> </p>",
        "<!DOCTYPE html>", "<html><body><div style='display: none'></div><img src=a.png>",
    ]) func `a page without a text and a headline is no article`(_ page: String) {
        let refusal = error(Array(page.utf8))
        #expect(refusal?.code == .noArticle)
        #expect(refusal?.looksTruncated == !page.contains("</html>"))
    }

    @Test func `a size at the limit is taken and one above is not`() {
        let page = Array(page().utf8)
        #expect(error(page, limit: page.count) == nil)
        #expect(error(page, limit: page.count - 1)?.code == .tooLarge)
    }

    @Test func `a page cut anywhere is an article or says why it is none`() throws {
        let head =
            "<meta charset='utf-8'><script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"The bridge is open\",\"author\":{\"name\":\"Ann Lée\"},\"datePublished\":\"2025-02-26T06:30:00+01:00\"}</script>"
        let whole = Array(page(head: head, below: "<ul><li>Öst</li><li>a<a href='/b'>b</a></li></ul><pre>x</pre>").utf8)
        for count in 0...whole.count {
            do {
                let article = try parse(Array(whole[..<count]))
                #expect(article.title?.isEmpty != true && article.body?.isEmpty != true)
                #expect(article.title != nil || article.body != nil)
                #expect(ArticleID(article.id.description) != nil)
            } catch {
                #expect([.noArticle, .empty].contains(error.code) && error.looksTruncated)
            }
        }
    }

    // MARK: Encodings

    @Test func `valid UTF-8 is UTF-8 whatever the page declares`() throws {
        let article = try parse(page(head: "<meta charset=iso-8859-1>"))
        #expect(article.ingest.encoding == "utf-8")
        #expect(article.body?.contains("“Nobody") == true)
    }

    @Test func `a declared encoding is read`() throws {
        let text = page(head: "<meta charset=iso-8859-1>").utf8.filter { $0 < 0x80 }
        let article = try parse(text.map { $0 } + [0x3c, 0x70, 0x3e] + Array("Caf".utf8) + [0xe9, 0x20, 0x80])
        #expect(article.ingest.encoding == "windows-1252")
        #expect(article.ingest.warnings == [])
    }

    @Test func `a page that is cut within a character is read with a warning`() throws {
        let article = try parse(Array(page(head: "<meta charset=utf-8>").utf8) + [0xe2, 0x82])
        #expect(article.ingest.encoding == "utf-8")
        #expect(article.ingest.warnings == ["characters_replaced"])
    }

    // MARK: Metadata

    @Test func `microdata and elements say what the head does not`() throws {
        let above = """
            <span itemprop="author" itemscope><a rel="author"><span itemprop="name">Ann Lee</span></a></span>
            <time itemprop="datePublished" datetime="2025-02-26T06:30:00+01:00">this morning</time>
            """
        let article = try parse(page(above: above))
        #expect(article.bylines == ["Ann Lee"])
        #expect(article.published?.description == "2025-02-26T05:30:00Z")
        #expect(article.body?.contains("this morning") == false)
    }

    @Test(arguments: [
        ("<p>By Ann Lee and Bo Ek | 3 March 2021</p>", "Ann Lee and Bo Ek"),
        ("<p class=byline>Von Ann Lee</p>", "Ann Lee"),
        ("<div class=author-name>Ann Lee</div>", "Ann Lee"), ("<a href='/authors/ann'>Ann Lee</a>", "Ann Lee"),
        ("<p>Text: Ann Lee</p>", "Ann Lee"), ("<span class=author>Written by <b>Ann Lee</b></span>", "Ann Lee"),
        ("<p>Par Léa Morel, le 3 mars 2021</p>", "Léa Morel, le 3 mars 2021"),
    ]) func `a byline is read from the page`(_ above: String, _ name: String) throws {
        #expect(try parse(page(above: above)).bylines.first?.hasPrefix(name.prefix(7)) == true)
        #expect(try parse(page(above: above)).bylines.contains { name.hasPrefix($0) || $0.hasPrefix(name) })
    }

    @Test(arguments: ["<p>Photo: Ann Lee</p>", "<div class=comment><span class=author>Ann Lee</span></div>", ""])
    func `who did not write it is no byline`(_ above: String) throws {
        #expect(try parse(page(above: above)).bylines == [])
    }

    @Test(arguments: [
        ("<link rel=canonical href='https://a.example/b'>", "https://a.example/b", true),
        ("<link rel=canonical href='https://a.example/'>", "https://a.example/", false),
        ("<link rel=canonical href='/b'>", nil, false), ("<link rel=canonical href='javascript:x()'>", nil, false),
    ]) func `the canonical address is the article's name where it says more than the site`(
        _ head: String, _ url: String?, _ isName: Bool
    ) throws {
        let article = try parse(page(head: head))
        #expect(article.url == url)
        #expect(article.uri == (isName ? url : nil))
    }

    @Test(arguments: [
        ("<html lang='de-at'>", "de-AT"), ("<html lang='zh_hant_tw'>", "zh-Hant-TW"), ("<html xml:lang='fr'>", "fr"),
        ("<html lang=''><meta property='og:locale' content='pt_BR'>", "pt-BR"), ("<html lang='x'>", "fi"),
        ("<html>", "fi"),
    ]) func `the language is the page's, else the directory's`(_ start: String, _ language: String) throws {
        #expect(try parse(start + "<h1>A headline</h1>", language: "fi").language == language)
    }

    @Test func `JSON-LD that is not quite JSON is read as far as it goes`() throws {
        let head = """
            <script type="application/ld+json">//<![CDATA[
            {"@type": ["Thing", "NewsArticle"], "headline": "The bridge\tis open", "author": {"name": "Ann \\u004cee",},
             "description": "Two
            lines", "datePublished": "2025-02-26", "keywords": ["a", "b"], "articleBody": "It is
            </script>
            """
        let article = try parse(page(head: head))
        #expect(article.bylines == ["Ann Lee"])
        #expect(article.abstract == "Two lines")
        #expect(article.publishedRaw == "2025-02-26")
        #expect(article.keywords == ["a", "b"])
    }

    @Test func `the articles that a page lists are not its own`() throws {
        let head = """
            <script type="application/ld+json">{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle",
            "headline": "Another", "author": "Bo Ek", "datePublished": "2020-01-01"}]}</script>
            """
        let article = try parse(page(head: head))
        #expect(article.title == "The bridge is open")
        #expect(article.bylines == [] && article.published == nil)
    }

    @Test func `the text that JSON-LD has is taken where the page shows but its beginning`() throws {
        let text = String(
            repeating: "The whole text is for those who pay, and stands in the page all the same. ", count: 20)
        let head = "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"articleBody\":\"\(text)\"}</script>"
        #expect(try parse(page(head: head)).body?.utf8.count ?? 0 > 1400)
    }

    @Test func `a date in the future is told`() throws {
        let article = try parse(page(head: "<meta name=date content='2031-01-01T00:00:00Z'>"))
        #expect(article.published?.description == "2031-01-01T00:00:00Z")
        #expect(article.ingest.warnings == ["date_future"])
    }

    // MARK: Markup

    @Test func `the markup of the body has nothing but its words' own elements`() throws {
        let below = """
            <p onclick="x()" style="color: red">See <a href="/b?c=1&amp;d=2" onclick="x()">the <b>plan</b></a> &lt;here&gt;.
            It is long enough to be a paragraph.<br>And goes on.</p>
            <p>Nor <a href="javascript:x()">this</a>, which is long enough to be a paragraph of the article as well.</p>
            <ol><li>One <i>thing</i></li><li>Another</li></ol>
            <table><tr><th>A</th><td>1</td></tr></table>
            """
        let head = "<link rel=canonical href='https://a.example/x'>"
        let markup = try #require(try parse(page(head: head, below: below)).bodyHTML)
        #expect(
            markup.hasSuffix(
                """
                <p>See <a href="https://a.example/b?c=1&amp;d=2">the <strong>plan</strong></a> &lt;here&gt;. It is long enough \
                to be a paragraph.<br>And goes on.</p><p>Nor <a>this</a>, which is long enough to be a paragraph of the article \
                as well.</p><ol><li>One <em>thing</em></li><li>Another</li></ol><table><tr><td>A</td><td>1</td></tr></table>
                """))
        #expect(!markup.contains("onclick") && !markup.contains("javascript") && !markup.contains("style"))
    }

    // MARK: Hostile pages

    static let hostile: [(String, [UInt8])] = [
        ("deep nesting", Array(repeating: Array("<div>".utf8), count: 1_000_000).flatMap { $0 }),
        ("unclosed inline elements", Array(repeating: Array("<b><i>x".utf8), count: 50_000).flatMap { $0 }),
        ("a huge attribute", Array("<html><p title='".utf8) + Array(repeating: 0x61, count: 1_000_000)),
        ("many attributes", Array("<html><p ".utf8) + (0..<100_000).flatMap { Array("a\($0) ".utf8) }),
        (
            "many entities",
            Array("<html><p>".utf8) + Array(repeating: Array("&amp;&lol;".utf8), count: 60_000).flatMap { $0 }
        ),
        (
            "entities that multiply",
            Array("<!DOCTYPE html [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'><!ENTITY c '&b;&b;'>]><html><p>&c;".utf8)
        ),
        (
            "end tags alone",
            Array("<html>".utf8) + Array(repeating: Array("</p></b>".utf8), count: 60_000).flatMap { $0 }
        ),
        (
            "a table in a table in a table",
            Array(repeating: Array("<table><tr><td>".utf8), count: 10_000).flatMap { $0 }
        ),
        ("one endless line", Array("<html><p>".utf8) + Array(repeating: 0x61, count: 1_000_000)),
        (
            "JSON that nests",
            Array("<html><script type='application/ld+json'>".utf8) + Array(repeating: 0x5b, count: 200_000)
        ),
        (
            "JSON without an end",
            Array("<html><script type='application/ld+json'>".utf8)
                + Array(repeating: Array("{\"a\":".utf8), count: 50_000).flatMap { $0 }
        ),
        (
            "metadata",
            Array("<html>".utf8)
                + Array(repeating: Array("<meta name=author content=x>".utf8), count: 10_000).flatMap { $0 }
        ),
        (
            "paragraphs",
            Array(repeating: Array("<p>A sentence of some words, which ends here and now. ".utf8), count: 10_000)
                .flatMap { $0 }
        ),
        (
            "items",
            Array("<html><ul>".utf8) + Array(repeating: Array("<li><a href=x>y</a>".utf8), count: 10_000).flatMap { $0 }
        ),
        ("comment after comment", Array(repeating: Array("<!---->".utf8), count: 60_000).flatMap { $0 }),
        ("angle brackets", Array("<html>".utf8) + Array(repeating: 0x3c, count: 200_000)),
        (
            "headings",
            Array("<html>".utf8) + Array(repeating: Array("<h1>a b c d</h1>".utf8), count: 10_000).flatMap { $0 }
        ),
        (
            "authors",
            Array("<html>".utf8)
                + Array(repeating: Array("<p class=author>By Ann Lee</p>".utf8), count: 60_000).flatMap { $0 }
        ),
        (
            "dates",
            Array("<html>".utf8) + Array(repeating: Array("<time>x 99</time>".utf8), count: 10_000).flatMap { $0 }
        ),
    ]

    @Test(arguments: hostile.indices) func `a page that is made to be expensive is not`(_ index: Int) throws {
        let page = Self.hostile[index].1
        var start = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
        _ = error(page)
        var end = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
        // A build for debugging is some twenty times slower than the one that is run.
        let seconds = Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) / 1e9
        #expect(seconds < 5, "\(Self.hostile[index].0): \(seconds) s")
    }
}
