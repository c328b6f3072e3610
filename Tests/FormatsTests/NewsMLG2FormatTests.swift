import Articles
import Testing

@testable import Formats
@testable import XML

@Suite struct NewsMLG2FormatTests {
    private func read(_ text: String, limit: Int = 65_536, piece: Int = 61) throws -> Reading {
        let bytes = Array(text.utf8)
        return try Reading(
            of: NewsMLG2Format().open(
                PieceSource(bytes, piece: piece), .sample(bytes: bytes.count, limit: limit)))
    }

    private func item(_ inner: String) throws -> Article {
        try #require(try read("<newsItem guid='urn:x'>\(inner)</newsItem>").articles.first)
    }

    @Test(arguments: [
        ("<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'/>", true),
        ("<?xml version='1.0'?>\n<!-- x --><n:newsMessage xmlns:n='x'>", true), ("\u{feff}<packageItem>", true),
        ("<conceptItem/>", true), ("<planningItem>", true), ("<NewsML>", false), ("<nitf>", false),
        ("<newsitem itemid='1'>", false), ("<html><newsItem>", false), ("newsItem", false), ("", false), ("<", false),
    ]) func `NewsML-G2 is known by its root`(text: String, isNews: Bool) {
        #expect(NewsMLG2Format().recognizes(Array(text.utf8), name: []) == isNews)
    }

    @Test func `a document that is cut anywhere is never an empty success`() throws {
        let whole =
            "<?xml version='1.0'?><!-- c --><newsMessage><itemSet><newsItem guid='a'><contentMeta><headline>One"
            + "</headline></contentMeta></newsItem><newsItem guid='b'><contentMeta><headline><![CDATA[Two]]></headline>"
            + "</contentMeta></newsItem></itemSet></newsMessage>"
        for count in 0..<whole.utf8.count {
            let reading = try read(String(whole.prefix(count)))
            #expect(reading.end?.looksTruncated == true, "\(count)")
            #expect(reading.failed.isEmpty, "\(count)")
        }
        #expect(try read(whole).articles.map(\.title) == ["One", "Two"])
        #expect(try read(whole + "\n<!-- end -->\n").end == nil)
    }

    @Test(arguments: [1, 2, 7, 4096, 1 << 20]) func `items are cut out whatever pieces the file comes in`(piece: Int)
        throws
    {
        let message = """
            <newsMessage a="1>2"><!-- <newsItem> --><?x <newsItem>?><itemSet>
            <newsItem guid="a>b" note='</newsItem>'><contentMeta><headline>A<!-- </newsItem> --></headline></contentMeta></newsItem>
            <newsItem guid="c"><contentSet><inlineXML><p>C <newsItem>in</newsItem></p></inlineXML></contentSet></newsItem >
            <newsItemX/><newsItem guid="d"><contentMeta><headline><![CDATA[D </newsItem> ]]></headline></contentMeta></newsItem>
            </itemSet></newsMessage>
            """
        let reading = try read(message, piece: piece)
        // No value of an attribute may have a <.
        #expect(reading.failed.map(\.error.code) == [.badXML])
        #expect(reading.failed.first?.error.position == .line(2))
        #expect(reading.articles.map(\.uri) == ["c", "d"])
        #expect(reading.articles.first?.body == "C in")
        #expect(reading.articles.last?.title == "D </newsItem>")
        #expect(reading.end == nil)
    }

    @Test func `an item that is too large fails alone, and is not held`() throws {
        let long = String(repeating: "<p>word</p>", count: 20_000)
        let message = """
            <newsMessage><itemSet><newsItem guid="a"><contentMeta><headline>A</headline></contentMeta></newsItem>
            <newsItem guid="b"><contentSet><inlineXML>\(long)</inlineXML></contentSet></newsItem>
            <newsItem guid="c"><contentMeta><headline>C</headline></contentMeta></newsItem></itemSet></newsMessage>
            """
        let reading = try read(message, limit: 10_000, piece: 1000)
        #expect(reading.articles.map(\.uri) == ["a", "c"])
        #expect(reading.articles.map(\.ingest.part) == [1, 3])
        #expect(reading.failed.map(\.error.code) == [.tooLarge])
        #expect(reading.failed.first?.error.position == .line(2))
        #expect(reading.parts[1].bytes == nil)
        // What does not end is not waited for.
        let comment = try read(
            "<newsItem><!--" + String(repeating: "x", count: 50_000) + "--></newsItem>", limit: 10_000)
        #expect(comment.end?.code == .tooLarge)
    }

    @Test func `a text without a tag is not held beyond the limit`() throws {
        let text = String(repeating: "words and ", count: 10_000)
        let reading = try read(
            "<newsMessage><newsItem><contentMeta><headline>\(text)</headline></contentMeta></newsItem>\(text)"
                + "<newsItem guid='b'><contentMeta><headline>B</headline></contentMeta></newsItem></newsMessage>",
            limit: 10_000)
        #expect(reading.failed.map(\.error.code) == [.tooLarge])
        #expect(reading.articles.map(\.title) == ["B"] && reading.end == nil)
    }

    @Test func `an element with attributes without end is not parsed`() throws {
        let attributes = (0..<10_000).map { " a\($0)=''" }.joined()
        for markup in ["<newsItem\(attributes)/>", "<newsItem><itemMeta\(attributes)/></newsItem>"] {
            let reading = try read("<newsMessage>\(markup)</newsMessage>", limit: 1 << 20, piece: 4096)
            #expect(reading.failed.map(\.error.code) == [.tooComplex])
        }
        // A picture in the text is one attribute.
        let picture =
            "<newsItem><contentSet><inlineXML><p>x</p><img src='data:\(attributes.utf8.map { _ in "A" }.joined())'/>"
        #expect(try read(picture + "</inlineXML></contentSet></newsItem>", limit: 1 << 20).articles.first?.body == "x")
    }

    @Test func `a list without end is cut`() throws {
        let keywords = (0..<1500).map { "<keyword>k\($0 % 1200)</keyword>" }.joined()
        let article = try item("<contentMeta><headline>H</headline>\(keywords)</contentMeta>")
        #expect(article.keywords.count == 1000)
        #expect(article.ingest.warnings == ["list_cut"])
    }

    @Test func `a bad item can be read by itself`() throws {
        let message = """
            <?xml version="1.0" encoding="ISO-8859-1"?>
            <n:newsMessage xmlns:n="x" xml:lang="sv"><n:header/><n:itemSet><n:newsItem guid="a"/>
            <n:newsItem guid="b"><n:contentMeta><n:headline>B</n:headline></n:contentMeta></n:newsItem></n:itemSet></n:newsMessage>
            """
        let bytes = try #require(try read(message).parts.first?.bytes)
        let alone = String(decoding: bytes, as: UTF8.self)
        #expect(alone.hasSuffix("<n:itemSet><n:newsItem guid=\"a\"/></n:itemSet></n:newsMessage>"))
        let mended = alone.replacing(
            "guid=\"a\"/>", with: "guid=\"a\"><n:contentMeta><n:headline>A</n:headline></n:contentMeta></n:newsItem>")
        let reading = try read(mended)
        #expect(reading.articles.map(\.title) == ["A"] && reading.articles.map(\.language) == ["sv"])
        #expect(reading.end == nil)
    }

    @Test(arguments: [
        ("<headline rank='2'>Two</headline><headline rank='1'>One</headline>", "One", nil),
        ("<headline role='hlrole:sub'>Sub</headline><headline>Main</headline>", "Main", "Sub"),
        ("<headline>Plain</headline><headline role='x:main'>Main</headline>", "Main", nil),
        ("<headline role='hlrole:short'>Short</headline>", "Short", nil),
        ("<headline> </headline><headline>Real</headline>", "Real", nil),
    ]) func `a headline is taken by its role and rank`(markup: String, title: String, subtitle: String?) throws {
        let article = try item("<contentMeta>\(markup)</contentMeta>")
        #expect(article.title == title && article.subtitle == subtitle)
    }

    @Test func `the title of an item is taken where there is no headline`() throws {
        #expect(try item("<itemMeta><title>T</title></itemMeta>").title == "T")
        #expect(
            try item("<itemMeta><title>T</title></itemMeta><contentMeta><headline>H</headline></contentMeta>").title
                == "H")
    }

    @Test(arguments: [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"), ("<div>One<p>Two</p>Three</div>", "One\n\nTwo\n\nThree"),
        ("<ul><li>One</li><li><p>Two</p></li></ul>", "- One\n- Two"),
        ("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr><tr><td>d</td></tr></table>", "a b | c\nd"),
        ("<p>One<br/>two<br/><br/>three</p>", "One\ntwo\n\nthree"),
        ("<p> a \n<em> b</em>c\u{a0}\u{200b}d\u{ad}e </p>", "a bc de"),
        ("<p/><p> </p><p>x</p>", "x"), ("<sports><score>1</score></sports>", nil),
        ("<sports><p>One</p><q><p>Two</p></q></sports>", "One\n\nTwo"), ("plain &amp; text", "plain & text"),
    ]) func `the text of inline markup is its paragraphs`(markup: String, body: String?) throws {
        let article = try item(
            "<contentMeta><headline>H</headline></contentMeta><contentSet><inlineXML>\(markup)</inlineXML></contentSet>"
        )
        #expect(article.body == body)
    }

    /// Both make the same of what is HTML and XML.
    @Test(arguments: [
        "<p>One <b>two <i>three</i></b> four</p><p>Five</p>", "<h1>A</h1><h3>B</h3><p>c</p>",
        "<ul><li>One</li><li>Two</li></ul><ol><li>Three</li></ol><p>x</p>",
        "<table><tr><th>a</th><td>b</td></tr><tr><td>c &lt; d</td><td>e</td></tr></table>",
        "<blockquote><p>One</p><p>Two</p></blockquote>",
        "<p>See <a href=\"https://e.org/?a=1&amp;b\">it</a>, <a href=\"x\">y</a></p>",
        "<div>a<span>b</span> c<div>d</div>e</div>", "<p>a<br/>b</p>", "<dl><dt>T</dt><dd>D</dd></dl>",
        "<p>a <em>b</em><strong>c</strong>d <u>e</u> f</p>", "<pre>a\n  b &amp; c</pre>",
        "<p>„Ä“ « – » \u{a0} ﷺ 東京 😀</p>",
    ]) func `markup comes out as that of HTML does`(markup: String) throws {
        let bytes = Array("<body>\(markup)</body>".utf8)
        let news = NewsTree(try XMLTree(parsing: bytes), firstLine: 1)
        let story = StoryText(news, in: [0], url: "https://news.example/a")
        let fragment = HTMLFragment(markup, url: "https://news.example/a")
        #expect(story.text == fragment.text)
        #expect(story.html == fragment.markup)
    }

    @Test func `codes are resolved by the item's own catalog alone`() throws {
        let article = try item(
            """
            <catalog><scheme alias="a" uri="http://cv.example/a/"/><scheme alias="b"/></catalog>
            <contentMeta><headline>H</headline><subject qcode="a:1"/><subject qcode="b:2"/><subject qcode="plain"/>
            <subject uri="http://cv.example/3" qcode="a:3"/><subject literal="four"/><subject/></contentMeta>
            """)
        #expect(article.subjects.map(\.name) == ["a:1", "b:2", "plain", "a:3", "four"])
        #expect(
            article.subjects.map(\.uri) == ["http://cv.example/a/1", "b:2", "plain", "http://cv.example/3", nil])
        #expect(article.subjects.map(\.scheme) == ["http://cv.example/a/", "b", nil, nil, nil])
    }

    @Test func `data in base 64 are decoded, and data that are no text are passed over`() throws {
        func data(_ attributes: String, _ text: String) throws -> Article {
            try item(
                "<contentMeta><headline>H</headline></contentMeta><contentSet><inlineData \(attributes)>\(text)</inlineData></contentSet>"
            )
        }
        #expect(try data("contenttype='text/plain' encoding='e:base64'", "VGV4dA==").body == "Text")
        #expect(try data("contenttype='text/html'", "&lt;p&gt;One&lt;/p&gt;").body == "One")
        let picture = try data("contenttype='image/gif' encoding='e:base64'", "R0lGODlh")
        #expect(picture.body == nil && picture.ingest.warnings == ["content_unread"])
        let bad = try data("contenttype='text/plain' encoding='e:base64'", "%%%")
        #expect(bad.body == nil && bad.ingest.warnings == ["field_invalid:inlineData"])
    }
}
