import Testing

@testable import Markdown

@Suite struct MarkdownReaderTests {
    private func read(_ text: String, limit: Int = 1 << 20) throws(MarkdownError) -> MarkdownPage {
        try MarkdownReader.read(Array(text.utf8)[...], limit: limit)
    }

    private func html(_ text: String) throws -> String { String(decoding: try read(text).html, as: UTF8.self) }

    @Test(arguments: [
        ("a *b* **c** `d<` ~~e~~", "<p>a <em>b</em> <strong>c</strong> <code>d&lt;</code> <del>e</del></p>\n"),
        ("one\ntwo  \nthree", "<p>one\ntwo<br>\nthree</p>\n"), ("# One #\n\nTwo\n---", "<h1>One</h1>\n<h2>Two</h2>\n"),
        ("[a](http://x.example/?a=1&b=\"2\")", "<p><a href=\"http://x.example/?a=1&amp;b=&quot;2&quot;\">a</a></p>\n"),
        ("[a](/x?&amp;y)", "<p><a href=\"/x?&amp;y\">a</a></p>\n"),
        ("![a *b* ![c](d)](e \"t\")", "<p><img src=\"e\" alt=\"a b c\"></p>\n"),
        (
            "> q\n\n- a\n- b\n\n3. c",
            "<blockquote>\n<p>q</p>\n</blockquote>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol start=\"3\">\n<li>c</li>\n</ol>\n"
        ),
        (
            "|a|b|\n|---|---|\n|1|2|",
            "<table>\n<tr><th>a</th><th>b</th></tr>\n<tr><td>1</td><td>2</td></tr>\n</table>\n"
        ),
        ("```js\na < b\n```\n\n    c & d", "<pre><code>a &lt; b\n</code></pre>\n<pre><code>c &amp; d\n</code></pre>\n"),
        ("<div>x</div>\n\na <b>c</b> &copy; \\<i>", "<div>x</div>\n<p>a <b>c</b> &copy; &lt;i&gt;</p>\n"),
        ("***", "<hr>\n"),
        ("", ""),
    ]) func `Markdown becomes HTML`(text: String, expected: String) throws { #expect(try html(text) == expected) }

    @Test func `headings are noted with their text and their place`() throws {
        let page = try read("<p align=center>\n\n![badge](b)\n\nThe *first*\n=====\n\ntext\n\n## Second `x`")
        #expect(page.headings.map(\.text) == ["The first", "Second x"])
        #expect(page.headings.map(\.level) == [1, 2])
        #expect(page.headings.map(\.isFirst) == [true, false])
        let ranges = page.headings.map { String(decoding: page.html[$0.range], as: UTF8.self) }
        #expect(ranges == ["<h1>The <em>first</em></h1>\n", "<h2>Second <code>x</code></h2>\n"])
        #expect(page.opening == nil)
    }

    @Test func `a paragraph that the text begins with is noted, and one in a list or a quotation is not`() throws {
        let page = try read("One *two*\nthree\n\nFour")
        #expect(page.opening?.text == "One two three")
        #expect(
            page.opening.map { String(decoding: page.html[$0.range], as: UTF8.self) }
                == "<p>One <em>two</em>\nthree</p>\n")
        #expect(try read("> a\n\nb").opening == nil)
        #expect(try read("- a\n\n- b\n\nc").opening == nil)
        #expect(try read("```\na\n```\n\nc").opening == nil)
    }

    @Test func `a definition that is used again and again ends at the limit`() throws {
        let text = "[a]: " + String(repeating: "x", count: 50_000) + "\n\n" + String(repeating: "[a]\n", count: 50_000)
        #expect(throws: MarkdownError.tooLarge(limit: 1_000_000)) { try read(text, limit: 1_000_000) }
    }

    @Test(arguments: [
        "[", "*a _", "![[]()", "> ", "- ", "`", "<a ", "[a](<b", "|", "a**b", "&", "\0", "[a]: x\n", "(http://a.b",
    ])
    func `what is made to be expensive is read`(_ piece: String) throws {
        let page = try read(String(repeating: piece, count: 50_000), limit: 16 << 20)
        #expect(!page.html.isEmpty || piece == "[a]: x\n")
    }
}
