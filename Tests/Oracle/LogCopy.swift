import Articles
import FoundationEssentials
import Hashing
import Messaging
import ZeroMQ

/// The watcher's log as its clients have it, fetched bit by bit.
final class LogCopy {
    /// An article with its sequence number.
    struct PublishedArticle {
        let seq: UInt64
        let article: Article
    }

    private let client: CommandClient
    private var cursor: Cursor?
    private var digests: [UInt64: [UInt8]] = [:]
    private var lastSeq: UInt64 = 0
    private var stream: StreamID?
    private(set) var articles: [PublishedArticle] = []
    /// The records of files that have ended.
    private(set) var files: [FileRecord] = []
    /// The records of files of which articles are held, by sequence number.
    private(set) var held: [UInt64: FileRecord] = [:]
    /// How many files had articles that were held.
    private(set) var heldCount = 0

    init(_ context: Context, endpoint: String) { client = CommandClient(context: context, endpoints: [endpoint]) }

    /// The first bytes of the digest of a record.
    func digest(of seq: UInt64) -> [UInt8]? { digests[seq] }

    /// Fetches what is new, and notes where the sequence has a hole.
    func refresh(_ findings: Findings) throws {
        while true {
            let json = LogRequests.fetch(after: cursor, maximum: 500, waitMilliseconds: 0)
            let reply = try FetchReply(client.request("FETCH", json: json, deadline: .seconds(20)))
            for record in reply.records { try take(record.position, record.bytes, findings) }
            cursor = reply.next
            if reply.next.seq >= reply.head { return }
        }
    }

    private func take(_ position: Position, _ bytes: [UInt8], _ findings: Findings) throws {
        if position.seq != lastSeq + 1 {
            findings.add("the sequence has a hole", "\(position.seq) comes after \(lastSeq)")
        }
        if let stream, stream != position.stream { findings.add("the stream changed", "at \(position.seq)") }
        lastSeq = position.seq
        stream = position.stream
        digests[position.seq] = Array(SHA256.hash(bytes).prefix(8))
        switch RecordType.of(bytes) {
        case .article:
            let article = try JSONDecoder().decode(Article.self, from: Data(bytes))
            articles.append(PublishedArticle(seq: position.seq, article: article))
            if let until = article.embargoedUntil, until.milliseconds > position.timeMilliseconds {
                findings.add(
                    "an article was published before its embargo ended",
                    "\(article.ingest.path): \(until), published \(Timestamp(milliseconds: position.timeMilliseconds))")
            }
        case .file: take(try JSONDecoder().decode(FileRecord.self, from: Data(bytes)), position.seq, findings)
        default:
            findings.add("the log has a record of another type", String(decoding: bytes.prefix(300), as: UTF8.self))
        }
    }

    /// Takes the record of a file: one that is held has another record later, and only that is its end.
    private func take(_ file: FileRecord, _ seq: UInt64, _ findings: Findings) {
        if file.outcome == .held {
            held[seq] = file
            heldCount += 1
            return
        }
        files.append(file)
        guard let heldSeq = file.heldSeq else { return }
        let begun = held.removeValue(forKey: heldSeq)
        if begun?.path != file.path || begun?.directory != file.directory || begun?.sha256 != file.sha256 {
            findings.add("a record ends what was not held", "\(file.directory)/\(file.path), of \(heldSeq)")
        }
    }
}
