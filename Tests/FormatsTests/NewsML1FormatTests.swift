import Articles
import Testing

@testable import Formats

@Suite struct NewsML1FormatTests {
    private func read(_ text: String, piece: Int = 61) throws -> Reading {
        let bytes = Array(text.utf8)
        return try Reading(of: NewsML1Format().open(PieceSource(bytes, piece: piece), .sample(bytes: bytes.count)))
    }

    private func item(_ inner: String) throws -> Article {
        try #require(try read("<NewsML><NewsItem>\(inner)</NewsItem></NewsML>").articles.first)
    }

    @Test(arguments: [
        ("<NewsML Version='1.2'>", true),
        ("<?xml version='1.0'?><!DOCTYPE NewsML SYSTEM 'x' [<!ENTITY % n 'y'>]><NewsML>", true),
        ("<newsML>", false), ("<NewsItem>", false), ("<nitf>", false), ("", false),
    ]) func `NewsML 1 is known by its root`(text: String, isNews: Bool) {
        #expect(NewsML1Format().recognizes(Array(text.utf8), name: []) == isNews)
    }

    @Test func `a document that is cut anywhere is never an empty success`() throws {
        let whole =
            "<?xml version='1.0'?><NewsML><NewsEnvelope/><NewsItem><NewsComponent><NewsLines><HeadLine>One</HeadLine>"
            + "</NewsLines></NewsComponent></NewsItem></NewsML>"
        for count in 0..<whole.utf8.count {
            let reading = try read(String(whole.prefix(count)))
            #expect(reading.end?.looksTruncated == true && reading.failed.isEmpty, "\(count)")
        }
        #expect(try read(whole).articles.map(\.title) == ["One"])
    }

    @Test(
        arguments: [
            (
                "<ProviderId>p</ProviderId><DateId>20250226</DateId><NewsItemId>n</NewsItemId><RevisionId Update='N'>3</RevisionId>"
                    + "<PublicIdentifier>urn:newsml:p:20250226:n:3N</PublicIdentifier>",
                "urn:newsml:p:20250226:n", "3"
            ),
            ("<ProviderId>p</ProviderId><PublicIdentifier>urn:x:1</PublicIdentifier>", "urn:x:1", nil),
            ("", nil, nil),
        ] as [(String, String?, String?)])
    func `what identifies an item is the same for all its revisions`(markup: String, uri: String?, version: String?)
        throws
    {
        let article = try item(
            "<Identification><NewsIdentifier>\(markup)</NewsIdentifier></Identification>"
                + "<NewsComponent><NewsLines><HeadLine>H</HeadLine></NewsLines></NewsComponent>")
        #expect(article.uri == uri && article.version == version)
        #expect(article.ingest.warnings == (uri == nil ? ["field_invalid:NewsIdentifier"] : []))
    }

    @Test func `of several renderings the first text is taken, with its language`() throws {
        let article = try item(
            """
            <NewsComponent EquivalentsList="yes">
            <NewsComponent xml:lang="sv"><ContentItem><MediaType FormalName="Text"/><DataContent><p>Ett</p></DataContent></ContentItem></NewsComponent>
            <NewsComponent xml:lang="fi"><ContentItem><MediaType FormalName="Text"/><DataContent><p>Yksi</p></DataContent></ContentItem></NewsComponent>
            </NewsComponent>
            """)
        #expect(article.body == "Ett" && article.language == "sv")
    }

    @Test(arguments: [
        ("Photo", Article.Kind.picture), ("Graphic", .graphic), ("Audio", .audio), ("Video", .video),
        ("Unheard", .text),
    ]) func `what has no text is of its content's kind`(type: String, kind: Article.Kind) throws {
        let article = try item(
            "<NewsComponent><NewsLines><HeadLine>H</HeadLine></NewsLines><ContentItem Href='x'><MediaType FormalName='\(type)'/>"
                + "</ContentItem></NewsComponent>")
        #expect(article.kind == kind)
        #expect(article.media.map(\.href) == ["x"])
    }
}
