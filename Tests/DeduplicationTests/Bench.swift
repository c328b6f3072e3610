import Articles
import Deduplication
import SQLite

/// A deduplicator on a database in memory, with short ways to feed it.
final class Bench {
    let connection: Connection
    var deduplicator: Deduplicator
    var published: [UInt64] = []
    private let make: () -> Deduplicator
    private var seq: UInt64 = 0

    init(_ make: @autoclosure @escaping () -> Deduplicator = Deduplicator()) throws {
        connection = try Connection(path: ":memory:")
        self.make = make
        deduplicator = make()
        try deduplicator.prepare(connection)
    }

    /// Throws the memory away and loads the state again.
    func restart() throws {
        deduplicator = make()
        try deduplicator.prepare(connection)
    }

    /// Judges an article in a transaction of its own, as the next of its stream, at `hour` hours.
    @discardableResult
    func judge(_ article: Article, seq: UInt64? = nil, hour: Double = 0, publishing: () throws -> Void = {}) throws
        -> Judgement
    {
        self.seq = seq ?? self.seq + 1
        return try connection.transaction { try judgeInTransaction(article, self.seq, hour, publishing) }
    }

    func judgeInTransaction(
        _ article: Article, _ seq: UInt64, _ hour: Double = 0, _ publishing: () throws -> Void = {}
    ) throws -> Judgement {
        let place = Deduplicator.Place(
            stream: "s", epoch: 1, seq: seq, timeMilliseconds: 1_700_000_000_000 + Int64(hour * 3_600_000))
        return try deduplicator.judge(article, at: place, record: article.encodeRecord()) {
            try publishing()
            published.append(seq)
        }
    }

    /// Judges articles so many in a transaction, as the first of their stream, with a restart behind each.
    func judge(_ articles: [Article], inBatchesOf batch: Int) throws -> [Judgement] {
        var found: [Judgement] = []
        for start in stride(from: 0, to: articles.count, by: batch) {
            try connection.transaction {
                for index in start..<min(start + batch, articles.count) {
                    found.append(try judgeInTransaction(articles[index], UInt64(index + 1)))
                }
            }
            try restart()
        }
        return found
    }

    /// Kills an article; returns the ids of those that take its place.
    @discardableResult
    func kill(_ uri: String, source: String = "wire") throws -> [ArticleID]? {
        try connection.transaction { try deduplicator.kill(source: source, uri: uri)?.map(\.id) }
    }

    @discardableResult
    func judge(_ body: String, hour: Double = 0) throws -> Judgement { try judge(article(body), hour: hour) }
}

/// Makes an article with a body.
func article(
    _ body: String?, title: String? = nil, source: String = "wire", uri: String? = nil, version: String? = nil
) -> Article {
    var article = Article(
        source: source, language: "en",
        ingest: .init(
            path: "a.txt", sha256: String(repeating: "0", count: 64), part: 1, bytes: 1, format: "native",
            encoding: "utf-8", received: Timestamp(milliseconds: 0)))
    article.body = body
    article.title = title
    article.uri = uri
    article.version = version
    article.deriveID()
    return article
}

/// A deterministic source of text: SplitMix64.
struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    /// A text of so many words.
    mutating func text(_ count: Int) -> String {
        (0..<count).map { _ in "w\(Int.random(in: 0..<5000, using: &self))" }.joined(separator: " ")
    }

    /// Articles among which there are copies, edited copies, trimmed copies and revisions.
    mutating func articles(_ count: Int) -> [Article] {
        var bodies: [String] = []
        return (0..<count).map { index in
            var body = text(Int.random(in: 3...200, using: &self))
            if let old = bodies.randomElement(using: &self) {
                switch Int.random(in: 0..<6, using: &self) {
                case 0: body = old.uppercased()
                case 1: body = old + " and a little more"
                case 2: body = old.split(separator: " ").dropLast(3).joined(separator: " ") + " end"
                case 3: body = old + "\n\n" + body
                default: break
                }
            }
            bodies.append(body)
            let uri = Int.random(in: 0..<4, using: &self) == 0 ? "u\(Int.random(in: 0..<20, using: &self))" : nil
            return article(body, title: "Title \(index)", uri: uri, version: uri == nil ? nil : "\(index % 5)")
        }
    }
}
