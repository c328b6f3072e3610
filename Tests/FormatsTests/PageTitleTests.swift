import Articles
import Testing

@testable import Formats

/// What a page is called, where its headings and its head call it differently.
@Suite struct PageTitleTests {
    private static let text = """
        <p>After two years of building, the bridge between the harbour and the islands is open to everybody.</p>
        <p>The ferry stops at the end of March. “Nobody will miss the queue,” said the mayor.</p>
        """

    /// Reads a page of a head and of what stands above and below its text.
    private func title(_ head: String, _ above: String, below: String = "") throws -> String? {
        let page = """
            <!DOCTYPE html><html lang="en"><head>\(head)</head><body>\(above)<div>\(Self.text)</div>\(below)</body></html>
            """
        return try HTMLFormat().parse(Array(page.utf8), .sample(bytes: page.utf8.count)).articles[0].title
    }

    @Test func `a page of entries is called by the first, not by a word such as blog`() throws {
        let head = "<title>Blog | Island News</title><meta property='og:site_name' content='Island News'>"
        let above = "<header><h1>Island News</h1></header><main><h2 class=entry-title>The bridge is open</h2>"
        #expect(
            try title(head, above, below: "<h2 class=entry-title>The ferry stops</h2>" + Self.text)
                == "The bridge is open")
    }

    @Test func `a section's heading is not the title, though the document is called by it`() throws {
        let head = "<title>News - Harbour Board</title><meta property='og:title' content='The bridge is open at last'>"
        #expect(
            try title(head, "<h1 class=title>News</h1><h1>The bridge is open at last</h1>")
                == "The bridge is open at last")
    }

    @Test(arguments: ["<a href='/'>Island News beta</a>", "<a href='https://news.example/'>Island News beta</a>"])
    func `a heading that leads to the first page is the site's name`(_ link: String) throws {
        let head = "<title>The bridge is open - Ann Lee [Island News beta]</title>"
        #expect(
            try title(head, "<h1 class=heading>\(link)</h1><h2 class=title>The bridge is open</h2>")
                == "The bridge is open")
    }

    @Test func `a heading that the head does not know is the title where it stands alone at the text`() throws {
        let head = "<title>Tips for days at the sea and on the islands</title>"
        let page = { (heading: String) in "<div><h1>\(heading)</h1>" + Self.text }
        #expect(try title(head, page("Harbour Bridge")) == "Harbour Bridge")
        // A word alone may be anything.
        #expect(try title(head, page("Lorem")) == "Tips for days at the sea and on the islands")
    }

    @Test func `the only heading is the title where it begins or ends with a part of what the document is called`()
        throws
    {
        let head = "<title>Harbour Board - Training</title>"
        #expect(try title(head, "<div><h2>Boat training</h2>" + Self.text) == "Boat training")
    }

    @Test func `a headline that only its class tells is surer than a word in the head`() throws {
        let menu = "<ul class=menu><li><h3 class=title>Reading on</h3></li></ul>"
        let above =
            "<div class=teaser-box>\(menu)</div><div class=text><div class=item-headline>The bridge is open</div>"
        #expect(try title("<title>news.example | Gas</title>", above + Self.text) == "The bridge is open")
    }

    @Test func `a headline with its topic before it is the one that cards are told`() throws {
        let head = """
            <title>Crossing: Report of the island bridge</title>
            <meta property='og:title' content='Traffic: The bridge is open, and nobody misses the queue'>
            """
        let above = """
            <h1 class=title>Islands: report of a bridge crossing</h1><h2><small>Traffic</small>
            <span itemprop=headline>The bridge is open, and nobody misses the queue</span></h2>
            """
        #expect(try title(head, above) == "Traffic: The bridge is open, and nobody misses the queue")
    }

    @Test(arguments: [
        ("Island Insider: The bridge is open", "The bridge is open", "The bridge is open"),
        ("The bridge is open: Island Board", "The bridge is open", "The bridge is open"),
        (
            "The bridge is open", "The bridge is open: A report in two parts",
            "The bridge is open: A report in two parts"
        ),
    ]) func `what a colon adds is kept where it is not the site's name`(
        _ document: String, _ card: String, _ expected: String
    ) throws {
        let head = "<title>\(document)</title><meta property='og:title' content='\(card)'>"
        #expect(try title(head, "<h1>The bridge is open</h1>") == expected)
    }

    @Test func `a headline that the page calls its site by is the headline all the same`() throws {
        let name = "The bridge between the islands is open"
        let head = "<title>\(name)</title><meta property='og:title' content='\(name)'>"
        let above = "<h1>\(name)</h1>"
        #expect(
            try title(head + "<meta property='og:site_name' content='\(name)'>", above, below: "<h2>More</h2>") == name)
    }

    @Test func `of two headings as sure the head decides, then the level`() throws {
        let name = "<h1>Hi, this is Ann's page</h1><h2>The bridge is open to everybody</h2>"
        #expect(
            try title("<title>The bridge is open to everybody | Notes</title>", name)
                == "The bridge is open to everybody")
        let section = "<h2 class=title>The Two Ways</h2><h1 class=title>The bridge is open to everybody</h1>"
        #expect(
            try title("<title>Islanders cross their bridge : The Two Ways : Radio</title>", section)
                == "The bridge is open to everybody")
    }

    @Test(arguments: [
        "<meta property='dc:title' content='The bridge is open'>",
        "<meta property='x:title og:title' content='The bridge is open'>",
        "<meta name='dcterm:title' content='The bridge is open'>",
    ]) func `names of the head are read with a colon and several at once`(_ meta: String) throws {
        #expect(try title("<title>Page</title>" + meta, "") == "The bridge is open")
    }
}
