import Articles
import Linux
import Messaging
import Status

/// Articles that come in, a hundred a commit, with their files and the results of three workers.
final class StoreIntake {
    private let store: ResultStore
    private let filled: FilledStore
    private var next: UInt64
    private static let batch: UInt64 = 100
    private static let summary = String(repeating: "word ", count: 60)

    init(_ store: ResultStore, _ filled: FilledStore) {
        self.store = store
        self.filled = filled
        next = UInt64(filled.count * 2 + 1)
    }

    /// Takes in for ten seconds; returns articles a second.
    func rate() throws -> Double {
        let began = ContinuousClock.now
        var count = 0
        while ContinuousClock.now - began < .seconds(10) {
            try take()
            count += Int(StoreIntake.batch)
        }
        return Double(count) / ((ContinuousClock.now - began) / .seconds(1))
    }

    /// Takes in a batch.
    func take() throws {
        let time = Clocks.wallMilliseconds()
        var payload: [[UInt8]] = []
        var results: [ReportedResult] = []
        for offset in 0..<StoreIntake.batch {
            let seq = next + 2 * offset
            let records = records(seq)
            for (position, record) in zip([seq, seq + 1], records) {
                let place = Position(stream: filled.stream, epoch: 1, seq: position, timeMilliseconds: time)
                payload += [PositionFrame(kind: .record, position: place).bytes, record]
            }
            for kind in ["deduplicate", "index", "summarize"] {
                let result = ResultRecord(
                    stream: filled.stream.description, epoch: 1, seq: seq, kind: kind, generation: 1, attempt: 1,
                    status: .ok, timeMilliseconds: time, articleID: nil,
                    data: .object(["verdict": .string("unique"), "summary": .string(StoreIntake.summary)]))
                results.append(try ReportedResult(result.encodeRecord(), kind: kind))
            }
        }
        next += 2 * StoreIntake.batch
        let json = """
            {"low":1,"head":\(next),"next":{"stream":"\(filled.stream)","epoch":1,"after":\(next - 1),"time_ms":\(time)},\
            "count":\(payload.count / 2)}
            """
        let batch = try FetchReply(Reply(json: Array(json.utf8), payload: payload))
        _ = try store.transaction { try store.apply(batch) }
        _ = try store.transaction { for result in results { _ = try store.store(result) } }
        _ = store.log.takeAppended()
    }

    private func records(_ seq: UInt64) -> [[UInt8]] {
        let path = "live/\(seq).txt"
        let received = Timestamp(milliseconds: Clocks.wallMilliseconds())
        var article = Article(
            source: "source-\(seq % 97)", language: "en",
            ingest: .init(
                path: path, sha256: String(repeating: "0", count: 64), part: 1, bytes: 10, format: "native",
                encoding: "utf-8", received: received))
        article.title = "Live article \(seq)"
        article.uri = "urn:live:\(seq)"
        article.body = filled.texts[Int(seq) % filled.texts.count]
        article.deriveID()
        var file = FileRecord(
            source: article.source, path: path, directory: "/srv/drop", outcome: .published, code: .ok, message: nil,
            bytes: 10, received: received)
        (file.firstSeq, file.lastSeq) = (seq, seq)
        return [article.encodeRecord(), file.encodeRecord()]
    }
}
