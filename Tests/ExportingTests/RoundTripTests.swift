import Articles
import Exporting
import Formats
import Testing

/// What is written is read again by the parsers of the same formats.
@Suite struct RoundTripTests {
    private static let received = Timestamp(milliseconds: 1_800_000_000_000)

    private static func context() -> FormatContext {
        FormatContext(
            source: "agency", language: "und", path: "a", sha256: "", bytes: 0, received: received,
            maximumArticleBytes: 1 << 20)
    }

    private static func article(_ number: Int) -> Article {
        var article = Article(
            source: "agency", language: "en",
            ingest: .init(
                path: "a.json", sha256: "", part: number, bytes: 0, format: "json", encoding: "utf-8",
                received: received))
        article.uri = "urn:agency:\(number)"
        article.title = "Ferry & harbour <\(number)>: \"again\""
        article.abstract = "What happened, in short; 1 < 2."
        article.body = "The ferry sailed at five.\n\nIt was full & late, said the captain's mate ]]> \u{1f6a2}."
        article.bylines = ["Ines Aalto", "B. Berg"]
        article.published = Timestamp("2026-04-01T05:30:00Z")
        article.updated = Timestamp("2026-04-01T06:00:00Z")
        article.url = "https://agency.example/a?b=1&c=\(number)"
        article.keywords = ["ferry", "a & b"]
        article.copyright = "© Agency"
        article.deriveID()
        return article
    }

    /// Writes articles and reads them again.
    private static func round(_ format: ExportFormat, _ articles: [Article], name: String) throws -> [Article] {
        var writer = format.writer(title: "Wire & more", at: received)
        var bytes = writer.start
        for article in articles { bytes += writer.write(article, record: article.encodeRecord()) }
        bytes += writer.end
        let reader = FileParser().open(bytes, name: Array(name.utf8), context())
        var read: [Article] = []
        while let part = try reader.next() {
            guard case .article(let article) = part.content else {
                Issue.record("\(part.content)")
                continue
            }
            read.append(article)
        }
        return read
    }

    @Test func `own records come back as they were, with their ids`() throws {
        let articles = (1...3).map(Self.article)
        let read = try Self.round(.ndjson, articles, name: "a.ndjson")
        #expect(read.map(\.id) == articles.map(\.id))
        for (article, var again) in zip(articles, read) {
            #expect(again.ingest.format != "")
            again.ingest = article.ingest
            #expect(again == article)
        }
    }

    @Test func `ninjs comes back with its ids`() throws {
        var articles = (1...3).map(Self.article)
        articles[2].bodyHTML = "<p>The ferry sailed at five.</p>"
        let read = try Self.round(.ninjs, articles, name: "a.ndjson")
        #expect(read.map(\.ingest.format) == ["ninjs", "ninjs", "ninjs"])
        #expect(read.map(\.id) == articles.map(\.id))
        #expect(read.map(\.body) == articles.map(\.body))
        #expect(read[0].abstract == articles[0].abstract)
        #expect(read[0].updated == articles[0].updated)
        #expect(read[0].copyright == articles[0].copyright)
        #expect(read.flatMap(\.ingest.warnings) == [])
    }

    @Test(arguments: [(ExportFormat.jsonfeed, "a.json"), (.atom, "a.xml")])
    func `feeds come back with their ids`(_ format: ExportFormat, _ name: String) throws {
        let articles = (1...3).map(Self.article)
        let read = try Self.round(format, articles, name: name)
        #expect(read.map(\.id) == articles.map(\.id))
        for (article, again) in zip(articles, read) {
            #expect(again.title == article.title)
            #expect(again.body == article.body)
            #expect(again.abstract == article.abstract)
            #expect(again.bylines == article.bylines)
            #expect(again.published == article.published)
            #expect(again.updated == article.updated)
            #expect(again.url == article.url)
            #expect(again.keywords == article.keywords)
            #expect(again.language == article.language)
            #expect(again.ingest.warnings == [])
        }
    }

    @Test(arguments: [(ExportFormat.jsonfeed, "a.json"), (.atom, "a.xml")])
    func `an export of nothing is a feed without entries`(_ format: ExportFormat, _ name: String) throws {
        let writer = format.writer(title: "Wire", at: Self.received)
        let reader = FileParser().open(writer.start + writer.end, name: Array(name.utf8), Self.context())
        let part = try #require(try reader.next())
        guard case .ignored(.noEntries) = part.content else {
            Issue.record("\(part.content)")
            return
        }
    }

    @Test func `the native text comes back with its id`() throws {
        var article = Self.article(1)
        article.uri = nil
        article.deriveID()
        let again = try #require(try Self.round(.text, [article], name: "a.txt").first)
        #expect(again.ingest.format == "native")
        #expect(again.id == article.id)
        #expect(again.abstract == article.abstract)
    }

    @Test func `an article of a headline alone is one in every format`() throws {
        var article = Self.article(1)
        for path in [\Article.abstract, \.body, \.url] as [WritableKeyPath<Article, String?>] {
            article[keyPath: path] = nil
        }
        article.published = nil
        article.updated = nil
        article.bylines = []
        article.uri = nil
        article.deriveID()
        for (format, name) in [
            (ExportFormat.ndjson, "a.ndjson"), (.ninjs, "a.json"), (.jsonfeed, "a.json"), (.atom, "a.xml"),
            (.text, "a.txt"),
        ] {
            let read = try Self.round(format, [article], name: name)
            #expect(read.map(\.title) == [article.title], "\(format)")
        }
    }
}
