import Articles
import Testing

@testable import Formats

@Suite struct FeedFormatTests {
    private func read(_ text: String) throws -> Reading {
        let bytes = Array(text.utf8)
        return try Reading(of: FeedFormat().open(HeldBytes(bytes), .sample(bytes: bytes.count)))
    }

    @Test(arguments: [
        ("<rss><channel/></rss>", true),
        ("<?xml version='1.0'?>\n<!-- x --><!DOCTYPE rss [<!ENTITY a 'b'>]><rss", true),
        ("\u{feff}<feed xmlns='http://www.w3.org/2005/Atom'>", true),
        ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'>", true),
        ("<rdf:RDF xmlns:rdf='x' xmlns='http://purl.org/rss/1.0/'>", true), ("<rdf:RDF xmlns:rdf='x'>", false),
        ("<html><rss>", false), ("rss", false), ("<rssx>", false), ("", false), ("<", false),
        ("<channel><item/></channel>", true),
    ]) func `a feed is known by its root`(text: String, isFeed: Bool) {
        #expect(FeedFormat().recognizes(Array(text.utf8), name: []) == isFeed)
    }

    @Test func `a cut feed gives its entries and looks truncated`() throws {
        let whole = "<rss><channel><item><title>One</title></item><item><title>Two</title></item></channel></rss>"
        for count in 1..<whole.utf8.count {
            let reading = try read(String(whole.prefix(count)))
            #expect(reading.end?.looksTruncated == true, "\(count)")
        }
        #expect(try read(whole).end == nil)
        #expect(try read(whole + "\n").articles.count == 2)
    }

    @Test func `a description is the abstract, or the body where there is no other and it is long`() throws {
        func item(_ inner: String) throws -> Article {
            try #require(try read("<rss><channel><item><title>T</title>\(inner)</item></channel></rss>").articles.first)
        }
        let short = try item("<description>Short.</description>")
        #expect(short.abstract == "Short." && short.body == nil)
        let long = try item("<description>\(String(repeating: "Words and words. ", count: 60))</description>")
        #expect(long.abstract == nil && long.body?.hasPrefix("Words") == true)
        let both = try item("<description>Short.</description><fullitem>&lt;p&gt;Long.&lt;/p&gt;</fullitem>")
        #expect(both.abstract == "Short." && both.body == "Long.")
    }

    @Test(arguments: [
        ("a@example.org (Ines Aalto)", "Ines Aalto"), ("Ines Aalto <a@example.org>", "Ines Aalto"),
        ("Ines Aalto", "Ines Aalto"),
        ("a@example.org", "a@example.org"), ("Ines Aalto (a@example.org)", "Ines Aalto"),
        ("a@example.org ()", "a@example.org"),
    ]) func `an author is the name beside the address`(text: String, name: String) {
        #expect(FeedAuthor.name(text) == name)
    }

    @Test(arguments: [
        ("b", "https://e.org/a/c?x", "https://e.org/a/b"), ("../b", "https://e.org/a/c/d", "https://e.org/a/b"),
        ("/b", "https://e.org/a", "https://e.org/b"), ("?y", "https://e.org/a?x", "https://e.org/a?y"),
        ("#f", "https://e.org/a?x#g", "https://e.org/a?x#f"), ("//h/b", "https://e.org/a", "https://h/b"),
        ("b", "https://e.org", "https://e.org/b"), ("mailto:x", "https://e.org", "mailto:x"),
        ("./", "https://e.org/a/b", "https://e.org/a/"),
        ("../../../b", "https://e.org/a/", "https://e.org/b"), ("", "https://e.org/a", "https://e.org/a"),
    ]) func `an address is joined to what it is relative to`(address: String, base: String, joined: String) {
        #expect(WebAddress.join(address, to: base) == joined)
    }

    @Test(arguments: [
        ("<rss><channel><item><title>" + String(repeating: "<b>", count: 5000), "bad_xml"),
        ("<rss></rss>", ""), ("<rss>" + String(repeating: "&a;", count: 1000) + "</rss>", ""),
    ]) func `hostile feeds give nothing, or an error`(text: String, code: String) throws {
        let reading = try read(text)
        #expect(reading.articles.isEmpty)
        #expect(reading.end?.code.rawValue ?? "" == code)
    }

    @Test func `an entry that is cut is not given, and a broken feed without entries is no empty one`() throws {
        let cut = try read("<rss><channel><item><title>One</title></item><item><title>Tw")
        #expect(cut.articles.map(\.title) == ["One"])
        #expect(cut.end?.looksTruncated == true)
        let broken = try read("<rss><channel><itm & <</channel></rss>")
        #expect(broken.ignored.isEmpty)
        #expect(broken.failed.map(\.error.code) == [.badXML])
    }
}
