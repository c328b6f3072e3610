import Articles
import FoundationEssentials
import Messaging
import Status
import Summarization
import TestSupport
import Testing

/// The summarizer keeps no state and forgets kills when it is restarted: the status service, which never does, keeps what is
/// reported of a killed article to itself.
@Suite(.timeLimit(.minutes(10))) struct KilledSummaryTests {
    private static let stream = StreamID.random()

    private static func article(_ uri: String, _ status: Article.PubStatus = .usable) -> Article {
        var article = Article(
            source: "wire", language: "en",
            ingest: .init(
                path: "a.json", sha256: String(repeating: "0", count: 64), part: 1, bytes: 1, format: "ninjs",
                encoding: "utf-8", received: Timestamp(milliseconds: 0)))
        article.uri = uri
        article.pubStatus = status
        article.title = "Ships wait"
        article.body = "Ships of \(uri) waited in the harbour for the tide. The harbour master said that it would come."
        article.deriveID()
        return article
    }

    private static func position(_ seq: UInt64) -> Position {
        Position(stream: stream, epoch: 1, seq: seq, timeMilliseconds: 1_700_000_000_000)
    }

    @Test(arguments: [["article", "kill"], ["kill", "article"]])
    func `what a summarizer that was restarted says of a killed article is not published`(order: [String]) throws {
        let folder = try ScratchDirectory()
        let store = try ResultStore(path: folder.path("status.sqlite"))
        let (killed, kept) = (Self.article("urn:killed"), Self.article("urn:kept"))
        let kill = try #require(KillRecord(Self.article("urn:killed", .canceled)))
        let records = order.map { $0 == "kill" ? kill.encodeRecord() : killed.encodeRecord() } + [kept.encodeRecord()]
        let killedSeq: UInt64 = order[0] == "article" ? 1 : 2
        let payload = records.enumerated().flatMap {
            [PositionFrame(kind: .record, position: Self.position(UInt64($0) + 1)).bytes, $1]
        }
        let json = """
            {"low":1,"head":3,"next":{"stream":"\(Self.stream)","epoch":1,"after":3,"time_ms":1},"count":3}
            """
        _ = try store.transaction {
            try store.apply(FetchReply(Reply(json: Array(json.utf8), payload: payload)))
        }

        // One that was told of the kill does no work; one that was started since does, and what it reports is kept back.
        let told = SummarizationProcessor(summarizer: Summarizer())
        told.kill(kill)
        let item = WorkItem(position: Self.position(killedSeq), bytes: killed.encodeRecord(), article: killed)
        #expect(try told.work(item).status == .skipped)
        let restarted = SummarizationProcessor(summarizer: Summarizer())
        for (seq, article) in [(killedSeq, killed), (3, kept)] {
            let item = WorkItem(position: Self.position(seq), bytes: article.encodeRecord(), article: article)
            let work = try restarted.work(item)
            #expect(work.data["summary"]?.arrayValue?.isEmpty == false)
            let record = ResultRecord(
                stream: Self.stream.description, epoch: 1, seq: seq, kind: restarted.kind, generation: 1, attempt: 1,
                status: work.status, timeMilliseconds: 1, articleID: article.id, data: work.data)
            _ = try store.transaction {
                try store.store(ReportedResult(record.encodeRecord(), kind: restarted.kind))
            }
        }
        let published = store.log.takeAppended().map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(published.map { $0.contains("harbour") } == [false, true])
        let reader = try StoreReader(path: folder.path("status.sqlite"))
        #expect(try reader.articles(limit: 10).map(\.uri) == ["urn:kept"])
    }
}
