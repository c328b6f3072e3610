import Hashing
import Linux
import Messaging
import Synchronization
import ZeroMQ

/// Subscribes to everything on the feed for the whole of a round, and notes what comes.
final class FeedListener: Sendable {
    /// The record that came with a sequence number, by its first bytes of SHA-256.
    private let records = Mutex<[UInt64: [UInt8]]>([:])
    /// Sequence numbers that came with different records.
    private let contradictions = Mutex<[UInt64]>([])

    /// The number of records that came.
    var count: Int { records.withLock { $0.count } }

    /// Listens until it is told that it is over.
    func run(_ context: Context, endpoint: String, isOver: @Sendable () -> Bool) throws {
        let feed = try FeedSubscriber(context: context, endpoint: endpoint)
        while !isOver() {
            _ = try Poller.poll([feed.readable], timeout: .milliseconds(100))
            while let message = try feed.receive() {
                // A record too large for the feed comes as a reference, without its bytes.
                guard message.frame.kind == .record else { continue }
                let digest = Array(SHA256.hash(message.body).prefix(8))
                let seq = message.frame.position.seq
                let isOther = records.withLock { records in
                    defer { records[seq] = digest }
                    return records[seq].map { $0 != digest } ?? false
                }
                if isOther { contradictions.withLock { $0.append(seq) } }
            }
        }
    }

    /// Notes what the feed had and the log has not.
    func compare(with log: LogCopy, _ findings: Findings) {
        for seq in contradictions.withLock({ $0 }) {
            findings.add("the feed had two records of one sequence number", "\(seq)")
        }
        for (seq, digest) in records.withLock({ $0 }) where log.digest(of: seq) != digest {
            findings.add("the feed had what the log has not", "sequence number \(seq)")
        }
    }
}
