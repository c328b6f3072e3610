import FoundationEssentials
import Testing

@testable import Articles

@Suite struct ErasureTests {
    private func article(_ uri: String?, title: String = "T", source: String = "desk") -> Article {
        var article = Article(
            source: source, language: "en",
            ingest: .init(
                path: "a", sha256: "", part: 1, bytes: 0, format: "-", encoding: "-",
                received: Timestamp(milliseconds: 0)))
        article.uri = uri
        article.title = title
        article.deriveID()
        return article
    }

    private func subject(_ matcher: ErasureMatcher, _ record: [UInt8]) -> ErasureSubject? {
        record.withUnsafeBytes { matcher.subject(of: $0) }
    }

    @Test(arguments: ["urn:a", "a \"quoted\" \\ uri", "ü/\u{1}"]) func `records are told by id, or by source and uri`(
        uri: String
    ) throws {
        let one = article(uri)
        let byID = ErasureMatcher([.article(one.id)])
        let byName = ErasureMatcher([.versions(source: "desk", uri: uri)])
        #expect(subject(byID, one.encodeRecord()) == .article(one.id))
        #expect(subject(byName, one.encodeRecord()) == .versions(source: "desk", uri: uri))
        for other in [article(uri + "b"), article(nil), article(uri, source: "desk2"), article(nil, title: uri)] {
            #expect(subject(byID, other.encodeRecord()) == nil)
            #expect(subject(byName, other.encodeRecord()) == nil)
        }
        #expect(subject(byID, article(uri, title: "U").encodeRecord()) == nil, "another version")
        for length in 0..<byName.hashLength {
            #expect(subject(byName, Array(one.encodeRecord().prefix(length))) == nil)
        }
        let gone = GoneRecord(.article(one.id), cause: .operator, reason: "R", erased: Timestamp(milliseconds: 0))
        #expect(subject(byID, gone.encodeRecord()) == nil)
    }

    @Test func `a gone record says what it takes`() throws {
        let id = article("u").id
        let all = GoneRecord(
            .versions(source: "s", uri: "u"), id: id, cause: .expires, reason: "R", erased: Timestamp(milliseconds: 1),
            seqs: [3, 4])
        let one = GoneRecord(.article(id), source: "s", cause: .operator, reason: "R", erased: all.erased)
        for record in [all, one] {
            #expect(try JSONDecoder().decode(GoneRecord.self, from: Data(record.encodeRecord())) == record)
        }
        #expect(all.subject == .versions(source: "s", uri: "u") && one.subject == .article(id))
        let bare = try JSONDecoder().decode(GoneRecord.self, from: Data(#"{"v":1,"type":"gone"}"#.utf8))
        #expect(bare.subject == nil)
    }
}

extension ErasureMatcher {
    /// The length of a record up to its id's end.
    fileprivate var hashLength: Int { 60 }
}
