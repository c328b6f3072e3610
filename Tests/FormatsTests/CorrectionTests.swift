import Articles
import Formats
import Testing

@Suite struct CorrectionTests {
    @Test(
        arguments: [
            (#""The name was wrong.""#, "The name was wrong."),
            (#"{"@type": "CorrectionComment", "text": "The <b>name</b> was wrong."}"#, "The name was wrong."),
            (#"[{"text": "One."}, "Two."]"#, "One.\nTwo."), (#"{"@type": "CorrectionComment"}"#, nil),
        ] as [(String, String?)])
    func `a page whose linked data names a correction is one`(correction: String, note: String?) throws {
        let page = """
            <html lang="en"><head><title>Harbour bridge opens</title><script type="application/ld+json">
            {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Harbour bridge opens",
             "datePublished": "2025-02-26T06:30:00+01:00", "correction": \(correction)}</script></head>
            <body><article><h1>Harbour bridge opens</h1><p>After two years of building, the bridge between the old
            harbour and the islands is open. The mayor cut a ribbon of blue silk, and a band played in the rain.</p>
            </article></body></html>
            """
        let bytes = Array(page.utf8)
        let reading = try Reading(
            of: FileParser().open(bytes, name: Array("a.html".utf8), .sample(bytes: bytes.count)))
        let part = try #require(reading.parts.first)
        guard case .article(let article) = part.content else {
            Issue.record("no article: \(part.content)")
            return
        }
        #expect(article.signals == ["correction"])
        #expect(article.editorialNote == note)
    }
}
