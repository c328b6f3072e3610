import Articles
import FoundationEssentials
import Messaging

/// A result as a worker reported it: what the store needs to know of it, and the record as it is kept and published.
package struct ReportedResult: Sendable {
    /// Why a result is not taken.
    package struct Rejection: Error, Equatable {
        package var code: Int
        package var message: String
    }

    let stream: StreamID
    let epoch: UInt32
    let seq: UInt64
    let kind: String
    let generation: Int64
    let attempt: Int64
    let status: ResultRecord.Outcome
    let timeMilliseconds: Int64
    /// The deduplicator's verdict, where there is one that is a word.
    let verdict: String?
    /// The worker has given the article up.
    let isDead: Bool
    /// The `result` record.
    private(set) var record: [UInt8]

    /// The members that decide. `data` is only looked into: reading all of it would cost more than storing it.
    private struct Head: Decodable {
        struct Data: Decodable {
            // A worker's own members may have any type.
            var verdict: String?
            var isDead: Bool

            enum CodingKeys: CodingKey { case verdict, dead }

            init(from decoder: any Decoder) throws {
                let members = try decoder.container(keyedBy: CodingKeys.self)
                verdict = try? members.decode(String.self, forKey: .verdict)
                isDead = (try? members.decode(Bool.self, forKey: .dead)) ?? false
            }
        }
        var stream: StreamID
        var epoch: UInt32
        var seq: UInt64
        var kind: String
        var gen: Int64
        var attempt: Int64
        var status: ResultRecord.Outcome
        var time_ms: Int64
        var id: ArticleID?
        var data: Data
    }

    /// The greatest integer that every reader of JSON has.
    private static let greatest: Int64 = 1 << 53 - 1
    private static let ownBeginning = Array("{\"v\":1,\"type\":\"result\",".utf8)

    /// Reads a frame of REPORT whose results are of `kind`.
    package init(_ frame: [UInt8], kind: String) throws(Rejection) {
        guard String(validating: frame, as: UTF8.self) != nil else {
            throw Rejection(code: 400, message: "the result is not UTF-8")
        }
        let head: Head
        do {
            head = try JSONDecoder().decode(Head.self, from: Data(frame))
        } catch {
            throw Rejection(code: 400, message: ReportedResult.sentence(error))
        }
        guard head.kind == kind else {
            throw Rejection(
                code: 400, message: "the result's kind '\(head.kind.prefix(80))' is not the report's '\(kind)'")
        }
        guard head.epoch >= 1, head.seq >= 1, head.seq <= UInt64(ReportedResult.greatest) else {
            throw Rejection(code: 400, message: "epoch and seq count from 1")
        }
        guard (0...ReportedResult.greatest).contains(head.gen), (1...ReportedResult.greatest).contains(head.attempt),
            (0...ReportedResult.greatest).contains(head.time_ms)
        else { throw Rejection(code: 400, message: "gen, attempt or time_ms is out of range") }
        stream = head.stream
        epoch = head.epoch
        seq = head.seq
        self.kind = kind
        generation = head.gen
        attempt = head.attempt
        status = head.status
        timeMilliseconds = head.time_ms
        verdict = head.data.verdict.flatMap { Topic.isPart($0) ? $0 : nil }
        isDead = head.status == .failed && head.data.isDead
        // The same bytes everywhere; what another producer wrote gets the form of a record first.
        if frame.starts(with: ReportedResult.ownBeginning), !frame.contains(where: { $0 < 0x20 }) {
            record = frame
        } else {
            do {
                record = try JSONDecoder().decode(ResultRecord.self, from: Data(frame)).encodeRecord()
            } catch { throw Rejection(code: 400, message: ReportedResult.sentence(error)) }
        }
    }

    /// Leaves out of a record what has words of its article.
    mutating func removeWords() { record = ResultRecord.withoutWords(record) }

    private static func sentence(_ error: any Error) -> String {
        func path(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
            (context.codingPath + (key.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
        }
        switch error {
        case DecodingError.keyNotFound(let key, let context): return "the member '\(path(context, key))' is missing"
        case DecodingError.typeMismatch(_, let context) where !context.codingPath.isEmpty,
            DecodingError.valueNotFound(_, let context) where !context.codingPath.isEmpty:
            return "the member '\(path(context))' has the wrong type"
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
            return "the member '\(path(context))' has a value that is not allowed"
        default: return "the result is not a JSON object"
        }
    }
}
