import Articles
import FoundationEssentials
import Testing

@testable import Exporting

@Suite struct WriterTests {
    private func article(_ change: (inout Article) -> Void) -> Article {
        var article = Article(
            source: "agency", language: "und",
            ingest: .init(
                path: "a", sha256: "", part: 1, bytes: 0, format: "native", encoding: "utf-8",
                received: Timestamp(milliseconds: 0)))
        article.title = "T"
        change(&article)
        article.deriveID()
        return article
    }

    private func text(_ format: ExportFormat, _ article: Article) -> String {
        var writer = format.writer(title: "Wire", at: Timestamp(milliseconds: 0))
        return String(decoding: writer.write(article, record: article.encodeRecord()), as: UTF8.self)
    }

    @Test func `characters that XML has no place for are replaced`() {
        let article = article { $0.title = "a\u{0}b\u{1b}c\u{fffe}d\re" }
        #expect(text(.atom, article).contains("<title>a\u{fffd}b\u{fffd}c\u{fffd}d&#13;e</title>"))
    }

    @Test func `attributes of Atom cannot be closed by their values`() {
        let article = article { $0.url = "https://a.example/\"><script>" }
        #expect(text(.atom, article).contains("href=\"https://a.example/&quot;&gt;&lt;script&gt;\""))
    }

    @Test(arguments: [
        ("https://a.example/b?c=1", true), ("urn:newsml:dpa.com:20260401:1", true), ("tag:a.example,2026:1", true),
        ("guid with spaces", false), ("4711", false), ("https://a.example/ü", false), (":x", false), ("a:", false),
        ("https://a.example/%zz", false), ("https://a.example/#a#b", false),
    ])
    func `only URIs stand where a standard asks for one`(_ uri: String, _ isURI: Bool) {
        let article = article { $0.uri = uri }
        #expect(WebName.isURI(uri) == isURI)
        #expect(WebName.of(article) == (isURI ? uri : "urn:dropwire:\(article.id)"))
        let ninjs = text(.ninjs, article)
        // The publisher's own name is there all the same.
        #expect(ninjs.contains(uri.replacing("/", with: "/")))
    }

    @Test func `the text format keeps headline and abstract on their lines`() {
        let article = article {
            $0.title = "Two\nlines"
            $0.abstract = "In\n\nshort"
            $0.published = Timestamp("2026-04-01T05:30:00Z")
            $0.body = "One.\n\nTwo."
        }
        #expect(text(.text, article) == "Two lines\n\n2026-04-01 05:30:00Z\n\nAbstract: In short\n\nOne.\n\nTwo.\n")
    }

    @Test func `relevance is counted to a hundred, and what is no URI is a literal`() throws {
        let article = article {
            $0.subjects = [Article.Concept(name: "Sport", uri: "medtop:15000000", relevance: 0.456)]
            $0.people = [Article.Concept(name: "Ines Aalto", uri: "person 1")]
        }
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(text(.ninjs, article).utf8))
        #expect(value["subjects"]?.arrayValue?.first?["relevance"] == .integer(46))
        #expect(value["subjects"]?.arrayValue?.first?["uri"] == .string("medtop:15000000"))
        #expect(value["people"]?.arrayValue?.first?["literal"] == .string("person 1"))
    }
}
