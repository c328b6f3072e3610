import Articles
import Testing

@testable import Formats

/// What pages say of their articles in the many ways that publishing systems have.
@Suite struct PageMetadataTests {
    /// Reads a page whose head and lines above and below the text are given.
    private func read(_ head: String = "", above: String = "", below: String = "") throws -> Article {
        let page = """
            <!DOCTYPE html><html lang="en"><head><title>The bridge is open</title>\(head)</head><body>
            <article><h1>The bridge is open</h1>\(above)<div><p>After two years of building, the bridge between the harbour
            and the islands is open to everybody.</p><p>The ferry stops at the end of March. “Nobody will miss the queue,”
            said the mayor.</p></div>\(below)</article><footer>Made by Cy Roe</footer></body></html>
            """
        return try HTMLFormat().parse(Array(page.utf8), .sample(bytes: page.utf8.count)).articles[0]
    }

    // MARK: Bylines

    @Test(arguments: [
        ("By Ann Lee", ["Ann Lee"]), ("By Ann Lee and Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("Von Ann Lee, Bo Ek und Cy von der Au", ["Ann Lee", "Bo Ek", "Cy von der Au"]),
        ("By Ann Lee, Science Editor", ["Ann Lee"]), ("Ann Lee (AP)", ["Ann Lee"]),
        ("Autorin: Ann Lee, Leiterin des Museums.", ["Ann Lee"]), ("Ann Lee für die Zeitung", ["Ann Lee"]),
        ("05.02.2020 - Redaktion: Ann Lee", ["Ann Lee"]), ("Por José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Ann Lee March 25, 2015", ["Ann Lee"]), ("By Ann Lee Dec 3", ["Ann Lee"]), ("Ann May", ["Ann May"]),
        ("Lee, Ann", ["Lee, Ann"]), ("Redacci&oacute;n del Puerto", ["Redacción del Puerto"]), ("Click Here", []),
        ("作者：王小明", ["王小明"]), ("Автор: Анна Ли", ["Анна Ли"]),
        ("بقلم: آن لي", ["آن لي"]), ("Posted on", []), ("Publiziert am", []), ("wordpressadmin", []),
    ]) func `a byline is its names, without offices and places`(_ line: String, _ names: [String]) {
        #expect(BylineText.names(line) == names)
    }

    @Test(arguments: [
        ("Ann Lee", true), ("Cy von der Au", true), ("Анна Ли", true), ("王小明", true),
        ("Minimum distance of roofs", false),
        ("Science Editor", false), ("Lee", false), ("Example Media", false),
    ]) func `a person has two words in capitals`(_ name: String, _ isPerson: Bool) {
        #expect(BylineText.isPerson(name) == isPerson)
    }

    @Test(arguments: [
        "<footer class='entry-footer'><a rel=author href='/author/ann'>Ann</a></footer>",
        "<div class=post-footer>Posted by <span class='author vcard'><a rel=author>Ann</a></span></div>",
        "<p class=meta><span class='meta-prep-author'>Posted on</span> 3 March <span class='author vcard'>Ann</span></p>",
    ]) func `who is named in the article's own footer wrote it`(_ below: String) throws {
        #expect(try read(below: below).bylines == ["Ann"])
    }

    @Test func `the site itself wrote what is marked as its own`() throws {
        let site = "<meta property='og:site_name' content='Island News'>"
        let mark = "<span class='vcard author'><a class='url fn' href='/author/island'>Island News</a></span>"
        #expect(try read(site, above: mark).bylines == ["Island News"])
        #expect(try read(site, above: mark + "<p>By Ann Lee</p>").bylines == ["Ann Lee"])
    }

    @Test func `who holds the rights did not write it`() throws {
        let head = "<meta name=author content='Lee Ek'><meta name=copyright content='Copyright (c) Lee Ek 2025'>"
        #expect(try read(head + "<meta name='article:author' content='Ann Lee'>").bylines == ["Ann Lee"])
        #expect(try read(head, above: "<p>By Ann Lee</p>").bylines == ["Ann Lee"])
        #expect(try read(head).bylines == ["Lee Ek"])
    }

    @Test func `the headline is no byline`() throws {
        let page =
            "<!DOCTYPE html><main><h1>Six dishes by Old Masters</h1><p>What was eaten was painted, too.</p></main>"
        let article = try HTMLFormat().parse(Array(page.utf8), .sample(bytes: page.utf8.count)).articles[0]
        #expect(article.title == "Six dishes by Old Masters")
        #expect(article.bylines == [])
    }

    // MARK: Dates

    @Test(arguments: [
        ("<meta name=date content='2025-03-09'>", "<p>2 March 2025</p>", "2025-03-02"),
        ("<meta name=date content='2025-03-09'>", "", "2025-03-09"),
        ("<meta name='article:published_time' content='2025-03-09'>", "<p>2 March 2025</p>", "2025-03-09"),
        ("", "<div class=teaser-meta><p>By Ann Lee on 2 March 2025</p></div>", "2025-03-02"),
        ("<meta name=date content='2025-03-09'>", "<h2>What has cost more since 1 March 2025?</h2>", "2025-03-09"),
        ("", "<h4>02.03.2025 The harbour channel</h4>", "2025-03-02"),
        ("<meta name=pub_date content='2025-03-02'>", "<p>9 March 2025</p>", "2025-03-02"),
        ("", "<p>9 March 2025, last update</p><p>2 March 2025</p>", "2025-03-02"),
        ("", "<div class=comments-link><time itemprop=datePublished datetime='2025-03-02'></time></div>", "2025-03-02"),
        ("<meta name=description content='The bridge is open (2 March 2025)'>", "", "2025-03-02"),
    ]) func `a date beside the headline is surer than what the head calls date`(
        _ head: String, _ above: String, _ day: String
    ) throws {
        #expect(try read(head, above: above).published?.day == day)
    }

    @Test(arguments: [
        ("/2021/03/04/bridge", "2021/03/04"), ("/2021/mar/04/bridge", "2021/mar/04"),
        ("/bridge-20210304.html", "20210304"),
        ("/04032021-bridge", "04032021"), ("/2021-03-04-bridge", "2021-03-04"), ("/04-03-2021/", "04-03-2021"),
    ]) func `a date is read from the address`(_ path: String, _ raw: String) throws {
        let found = try #require(AddressDate.date(in: "https://news.example" + path, language: "de"))
        #expect(found.date == WrittenDate(year: 2021, month: 3, day: 4))
        #expect(found.raw == raw)
    }

    @Test(arguments: ["/story/18348200", "/2021/13/04/", "/2021/bridge/04", "/2021/02/30/", "/1021/03/04/", "/"])
    func `what is no date in the address is none`(_ path: String) {
        #expect(AddressDate.date(in: "https://news.example" + path, language: "de") == nil)
    }

    @Test(arguments: [
        "Updated: <time datetime='2025-03-09'></time> First: <time datetime='2025-03-02'></time>",
        "<p>Aktualisiert am <time datetime='2025-03-09'></time></p><time datetime='2025-03-02'></time>",
        "<time datetime='2025-03-02'></time> Modified <time class=published datetime='2025-03-09'></time>",
    ]) func `what stands behind a word for a change is the later date`(_ above: String) throws {
        #expect(try read(above: above).published?.day == "2025-03-02")
    }

    @Test(arguments: [
        "<footer class=article-footer>Published: <time datetime='2025-03-02'></time></footer>",
        "<footer class=entry-meta><time class='entry-date published' datetime='2025-03-02'></time></footer>",
    ]) func `the article's own footer has its date`(_ below: String) throws {
        #expect(try read(below: below).published?.day == "2025-03-02")
    }

    @Test func `a date at the headline is surer than the marked dates of other articles`() throws {
        let others =
            String(repeating: "<li>Another headline</li>", count: 40)
            + "<li><span class=entry-date>9 March 2025</span></li>"
        #expect(try read(above: "<p>Published 2 March 2025</p>", below: others).published?.day == "2025-03-02")
        #expect(try read(below: others).published?.day == "2025-03-09")
    }

    @Test func `the marked date of the same day has the time, too`() throws {
        let filler = String(repeating: "<i></i>", count: 80)
        let mark = filler + "<span class=date>2 March 2025, 17:04</span>"
        #expect(
            try read(above: "<p>Sunday, 2 March 2025</p>", below: mark).published?.description == "2025-03-02T17:04:00Z"
        )
    }

    @Test func `a page is dated by its own entry among the newest`() throws {
        let entry = { (title: String) in
            "<div><div class=authored>02.03.2025</div><h2>\(title)</h2><p>After two years of building.</p></div>"
        }
        #expect(
            try read(below: "<div class=teasers>" + entry("The bridge is open ") + "</div>").published?.day
                == "2025-03-02")
        #expect(try read(below: "<div class=teasers>" + entry("The ferry stops today") + "</div>").published == nil)
    }

    @Test(arguments: [
        ("<p>© 2 March 2025 Island News, all rights reserved to the islands and the harbour of them</p>", "2025-03-02"),
        ("<p>Copyright (c) 02.03.2025 - 17:04 h by Island News</p>", "2025-03-02"),
    ]) func `where nothing else dates a page the line of its copyright does`(_ below: String, _ day: String) throws {
        #expect(try read(below: below).published?.day == day)
        #expect(try read(above: "<p>1 March 2025</p>", below: below).published?.day == "2025-03-01")
    }

    @Test(arguments: [
        "<p>© 1996–2 March 2025 Island News</p>", "<p>© 2025 Island News</p>",
        "<p>\n On 31.8.1990 \(String(repeating: "six people met in the harbour, and again. ", count: 5))</p>",
    ]) func `what is made up with the page is no date of the article`(_ below: String) throws {
        #expect(try read(below: below).published == nil)
    }

    @Test func `so many elements are read for a date and no more`() throws {
        let marks = { String(repeating: "<span class=date>soon</span>", count: $0) }
        let date = "<time itemprop=datePublished>2 March 2025</time>"
        #expect(try read(above: marks(DateFinder.markLimit - 1) + date).published?.day == "2025-03-02")
        #expect(try read(above: marks(DateFinder.markLimit) + date).published == nil)
    }

    // MARK: Limits

    @Test func `a text of JSON-LD that is longer than anybody writes it is not read`() {
        var data = LinkedData()
        for count in [10_000, 10_001] {
            data.read(Array("{\"author\": \"\(String(repeating: "a", count: count))\"}".utf8)[...])
        }
        let objects = data.nodes.indices.filter { data.nodes[$0].kind == .object }
        #expect(objects.map { data.text("author", of: $0)?.utf8.count } == [10_000, nil])
    }

    @Test func `a title element as long as a book is no title`() throws {
        let page =
            "<!DOCTYPE html><title>\(String(repeating: "a - b ", count: 1700))</title><h1>The bridge is open</h1>"
        let article = try HTMLFormat().parse(Array(page.utf8), .sample(bytes: page.utf8.count)).articles[0]
        #expect(article.title == "The bridge is open")
    }

    @Test func `a text of JSON-LD whose markup is entities is read as text`() throws {
        let words = String(repeating: "After two years the bridge is open. ", count: 12)
        let body = LinkedBody("&lt;p class=text&gt;\(words)&lt;/p&gt;&lt;p&gt;Nobody misses the queue.&lt;/p&gt;")
        #expect(body.text == words.dropLast() + "\n\nNobody misses the queue.")
    }
}
