import Articles
import Testing

/// The expected values were computed with Python: hashlib.sha256 over struct.pack('>I', len(field)) + field, an absent
/// field being ff ff ff ff; the first 32 digits.
@Suite struct ArticleIDTests {
    @Test func `an id is made as it is specified`() {
        #expect(
            ArticleID(
                source: "bbc", uri: "urn:x:1", version: "2", title: "Title", published: "2025-02-26T03:27:00Z",
                body: "Body\n\nMore"
            ).description == "90a893fa470dd241384321d7b5735159")
        #expect(
            ArticleID(source: "bbc", uri: nil, version: nil, title: nil, published: nil, body: nil).description
                == "e0a76ec88bf88904e290355ae68bd5a3")
        #expect(
            ArticleID(
                source: "日本", uri: "ü", version: nil, title: "a\u{301}", published: "2025-02-26T03:27:00.250Z", body: ""
            ).description == "8bdf9813243423145810f0f46612047e")
    }

    @Test func `absent is not empty, and no field runs into the next`() {
        func id(_ fields: [String?]) -> ArticleID {
            ArticleID(
                source: fields[0] ?? "", uri: fields[1], version: fields[2], title: fields[3], published: fields[4],
                body: fields[5])
        }
        #expect(id(["bbc", "", nil, nil, nil, nil]).description == "a83f3f36443de506d3d1d86a96162b92")
        let variants: [[String?]] = [
            ["s", nil, nil, nil, nil, nil], ["s", "", nil, nil, nil, nil], ["s", nil, "", nil, nil, nil],
            ["s", "ab", "c", nil, nil, nil], ["s", "a", "bc", nil, nil, nil], ["s", "abc", nil, nil, nil, nil],
            ["sa", nil, nil, nil, nil, nil], ["s", nil, nil, "a", nil, nil], ["s", nil, nil, nil, "a", nil],
            ["s", nil, nil, nil, nil, "a"],
        ]
        #expect(Set(variants.map(id)).count == variants.count)
    }

    @Test func `an article's own id comes from its six fields and nothing else`() {
        var article = RecordTests.full()
        let before = article.id
        article.subtitle = "other"
        article.ingest.path = "other"
        article.updated = nil
        article.deriveID()
        #expect(article.id == before)
        article.published = Timestamp(milliseconds: article.published!.milliseconds + 1)
        article.deriveID()
        #expect(article.id != before)
    }

    @Test(arguments: ["", "0", "90A893FA470DD241384321D7B5735159", "90a893fa470dd241384321d7b573515g"])
    func `what is not 32 lower-case digits is no id`(text: String) { #expect(ArticleID(text) == nil) }
}
