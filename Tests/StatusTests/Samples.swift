import Articles
import Foundation
import Messaging
import SQLite

@testable import Status

/// A stream of a watcher that there is not.
let sampleStream = StreamID("0f0e0d0c-0b0a-4908-8706-050403020100")!

func result(
    _ seq: UInt64, kind: String = "deduplicate", generation: Int = 0, attempt: Int = 1,
    _ status: ResultRecord.Outcome = .ok, time: Int64 = 1_000,
    data: [String: JSONValue] = ["verdict": .string("unique")]
) -> ResultRecord {
    ResultRecord(
        stream: sampleStream.description, epoch: 1, seq: seq, kind: kind, generation: generation, attempt: attempt,
        status: status, timeMilliseconds: time, articleID: nil, data: .object(data))
}

func article(
    _ title: String, path: String = "a.txt", source: String = "reuters", uri: String? = nil, version: String? = nil,
    status: Article.PubStatus = .usable
) -> Article {
    var article = Article(
        source: source, language: "en",
        ingest: .init(
            path: path, sha256: String(repeating: "0", count: 64), part: 1, bytes: 10, format: "native",
            encoding: "utf-8", received: Timestamp(milliseconds: 1_740_540_420_000)))
    article.title = title
    article.uri = uri
    article.version = version
    article.pubStatus = status
    article.published = Timestamp(milliseconds: 1_740_540_000_000)
    article.body = "First paragraph of \(title.prefix(40)).\n\nSecond one."
    article.deriveID()
    return article
}

/// A kill of an article of the samples.
func kill(_ uri: String, source: String = "reuters", note: String? = nil) -> [UInt8] {
    var canceled = article("", source: source, uri: uri, version: "9", status: .canceled)
    canceled.editorialNote = note
    return KillRecord(canceled)?.encodeRecord() ?? []
}

func file(
    _ path: String, _ outcome: FileOutcome = .published, seq: UInt64? = nil, code: ReasonCode = .ok,
    message: String? = nil
) -> FileRecord {
    var file = FileRecord(
        source: "reuters", path: path, directory: "/srv/drop", outcome: outcome, code: code, message: message,
        bytes: 10, received: Timestamp(milliseconds: 1_740_540_420_000))
    file.firstSeq = seq
    file.lastSeq = seq
    file.articles = seq == nil ? 0 : 1
    return file
}

/// A batch as FETCH brings it: records from `first` on.
func batch(
    _ records: [[UInt8]], from first: UInt64 = 1, time: Int64 = 1_000, of stream: StreamID = sampleStream
) throws -> FetchReply {
    var payload: [[UInt8]] = []
    for (record, seq) in zip(records, first...) {
        let position = Position(stream: stream, epoch: 1, seq: seq, timeMilliseconds: time)
        payload += [PositionFrame(kind: .record, position: position).bytes, record]
    }
    let last = first + UInt64(records.count) - 1
    let json = """
        {"low":1,"head":\(last),"next":{"stream":"\(stream)","epoch":1,"after":\(last),"time_ms":\(time)},\
        "count":\(records.count)}
        """
    return try FetchReply(Reply(json: Array(json.utf8), payload: payload))
}

extension ResultStore {
    /// Stores results in one transaction.
    @discardableResult
    func take(_ results: ResultRecord...) throws -> [Storing] {
        try transaction {
            try results.map { try store(ReportedResult($0.encodeRecord(), kind: $0.kind)) }
        }.0
    }

    /// Follows a batch in one transaction.
    func follow(
        _ records: [[UInt8]], from first: UInt64 = 1, time: Int64 = 1_000, of stream: StreamID = sampleStream
    ) throws {
        let (unreadable, _) = try transaction { try apply(batch(records, from: first, time: time, of: stream)) }
        precondition(unreadable == 0, "the samples are well-formed")
    }

    var reader: StoreReader { StoreReader(connection: connection) }
}
