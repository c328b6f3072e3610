import Articles
import Messaging
import Summarization
import Testing

@Suite struct SummarizationProcessorTests {
    private let processor = SummarizationProcessor(summarizer: Summarizer())

    private func item(_ uri: String?, _ status: Article.PubStatus = .usable, source: String = "wire") -> WorkItem {
        var article = Article(
            source: source, language: "en",
            ingest: .init(
                path: "a.json", sha256: String(repeating: "0", count: 64), part: 1, bytes: 1, format: "ninjs",
                encoding: "utf-8", received: Timestamp(milliseconds: 0)))
        article.uri = uri
        article.pubStatus = status
        article.title = "Ships wait for the tide"
        article.body = "Ships waited in the harbour for the tide. The harbour master said that it would come."
        article.deriveID()
        return WorkItem(
            position: Position(stream: .random(), epoch: 1, seq: 1, timeMilliseconds: 1), bytes: article.encodeRecord(),
            article: article)
    }

    private func kill(_ uri: String) throws -> KillRecord { try #require(KillRecord(item(uri, .canceled).article)) }

    @Test func `what is withheld or canceled is not worked on`() throws {
        #expect(try processor.work(item("u")).status == .ok)
        for status in [.withheld, .canceled] as [Article.PubStatus] {
            let result = try processor.work(item("u", status))
            #expect(result.status == .skipped && result.data["reason"]?.stringValue?.isEmpty == false)
        }
    }

    @Test func `what was killed before is not worked on`() throws {
        processor.kill(try kill("u"))
        #expect(try processor.work(item("u")).status == .skipped)
        for other in [item("v"), item(nil), item("u", source: "other")] {
            #expect(try processor.work(other).status == .ok)
        }
    }

    @Test func `of many kills the last ones are remembered`() throws {
        for number in 0..<10_001 { processor.kill(try kill("u\(number)")) }
        #expect(try processor.work(item("u0")).status == .ok)
        #expect(try processor.work(item("u1")).status == .skipped)
        #expect(try processor.work(item("u10000")).status == .skipped)
    }
}
