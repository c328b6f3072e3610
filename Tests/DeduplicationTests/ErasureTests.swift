import Articles
import Messaging
import SQLite
import Testing

@testable import Deduplication

@Suite struct ErasureTests {
    /// A processor with its stream of unique articles.
    private final class Stream {
        let connection: Connection
        private var running: DeduplicationProcessor?
        var served: [LogRecord] = []
        var replaced: [ReplacedRecord] = []
        private let origin = StreamID.random()
        private var seq: UInt64 = 0

        init() throws {
            connection = try Connection(path: ":memory:")
            try start()
        }

        /// Throws the memory away and loads the state again.
        private func start() throws {
            let made = DeduplicationProcessor(
                deduplicator: Deduplicator(), replace: { [unowned self] in replaced += $0 },
                publish: { [unowned self] in served += $0 })
            try made.prepare(connection)
            running = made
        }

        private var processor: DeduplicationProcessor { running! }

        private func position() -> Position {
            seq += 1
            return Position(
                stream: origin, epoch: 1, seq: seq, timeMilliseconds: 1_700_000_000_000 + Int64(seq))
        }

        @discardableResult
        func apply(_ article: Article) throws -> String? {
            let item = WorkItem(position: position(), bytes: article.encodeRecord(), article: article)
            let result = try connection.transaction { try processor.apply(item) }
            try processor.didCommit()
            return result.data["verdict"]?.stringValue
        }

        func erase(
            _ subject: ErasureSubject, at seqs: [UInt64] = [], _ cause: ErasureCause = .operator
        ) throws {
            let gone = GoneRecord(
                subject, source: "wire", cause: cause, reason: "R", erased: Timestamp(milliseconds: 0), seqs: seqs)
            try connection.transaction { try processor.erase(gone, at: position()) }
            try processor.didCommit()
            // What is left of it is loaded as it stands.
            try start()
        }

        /// The types of the records of the stream.
        func types() throws -> [String?] {
            var types: [String?] = []
            try connection.statement("SELECT rec FROM log ORDER BY seq").forEachRow {
                types.append(RecordType.of($0.bytes(0))?.rawValue)
            }
            return types
        }

        /// How many values of the database's tables have a word.
        func count(of word: String) throws -> Int {
            var tables: [(String, String)] = []
            try connection.prepare(
                "SELECT m.name, p.name FROM sqlite_schema m JOIN pragma_table_info(m.name) p WHERE m.type='table'"
            ).forEachRow { tables.append(($0.string(0), $0.string(1))) }
            return try tables.reduce(0) { sum, column in
                let query = try connection.prepare(
                    "SELECT count(*) FROM \(column.0) WHERE instr(CAST(\(column.1) AS BLOB), CAST(? AS BLOB))>0"
                ).bind(1, word)
                _ = try query.step()
                return sum + query.int(0)
            }
        }

        func sketches() throws -> [Int64] {
            var documents: [Int64] = []
            try connection.statement("SELECT doc FROM dedup_shingles ORDER BY doc").forEachRow {
                documents.append($0.int64(0))
            }
            return documents
        }
    }

    private static let marker = "heronmarker"

    private func text(_ seed: UInt64, _ count: Int = 80) -> String {
        var dice = Dice(state: seed)
        return dice.text(count)
    }

    @Test func `an erased article leaves the stream, the shingles and the records, and a copy takes its place`() throws
    {
        let stream = try Stream()
        let body = "\(Self.marker) \(text(1))"
        let first = article(body, uri: "u", version: "1")
        let copy = article(body, source: "other", uri: "c")
        #expect(try stream.apply(first) == "unique")
        #expect(try stream.apply(copy) == "exact")
        try stream.erase(.versions(source: "wire", uri: "u"), at: [1])
        // The copy's own text stays, on the stream now.
        #expect(try stream.types() == ["gone", "gone", "article"])
        #expect(stream.served.last?.bytes == copy.encodeRecord())
        #expect(stream.replaced.map(\.seq) == [1])
        #expect(try stream.sketches() == [1], "they are those of the copy's text, too")
        #expect(try stream.apply(article(body, source: "third")) == "exact", "and later copies are told by it")
        try stream.erase(.article(copy.id), at: [2])
        #expect(try stream.types() == ["gone", "gone", "gone", "gone", "article"])
        try stream.erase(.article(article(body, source: "third").id), at: [4])
        #expect(try stream.sketches() == [])
        #expect(try stream.count(of: Self.marker) == 0)
        #expect(try stream.apply(article(body, source: "fourth")) == "unique")
    }

    @Test func `what a near duplicate had of its own goes with it, and it is told of once`() throws {
        let stream = try Stream()
        let body = text(2, 120)
        try stream.apply(article(body, uri: "a"))
        let near = article(body + "\n\nThe \(Self.marker) is a sentence of its own here.", source: "other", uri: "b")
        #expect(try stream.apply(near) == "near")
        #expect(try stream.count(of: Self.marker) > 1)
        for _ in 0..<2 { try stream.erase(.versions(source: "other", uri: "b"), at: [2]) }
        #expect(try stream.count(of: Self.marker) == 0)
        #expect(try stream.types() == ["article"], "it was not on the stream")
    }

    @Test(arguments: [ErasureCause.expires, .retention])
    func `what time takes is not for ever, and makes no news of a copy where it only makes room`(
        cause: ErasureCause
    ) throws {
        let stream = try Stream()
        let body = "\(Self.marker) \(text(3))"
        let first = article(body)
        try stream.apply(first)
        try stream.apply(article(body, source: "other"))
        try stream.erase(.article(first.id), at: [1], cause)
        let released = cause == .expires
        #expect(try stream.types() == ["gone", "gone"] + (released ? ["article"] : []))
        #expect(try stream.apply(first) == (released ? "exact" : "unique"))
    }

    @Test func `a version that is erased hides the older ones, until a newer one comes`() throws {
        let stream = try Stream()
        let versions = (1...3).map { article(text(UInt64($0 + 10)), uri: "u", version: "\($0)") }
        try stream.apply(versions[0])
        try stream.apply(versions[1])
        try stream.erase(.article(versions[1].id), at: [2])
        #expect(try stream.types() == ["article", "gone", "gone"])
        #expect(try stream.apply(article(text(20), uri: "u", version: "1.5")) == "revision")
        #expect(try stream.types().count == 3, "a late one is not passed on")
        #expect(try stream.apply(versions[2]) == "revision")
        #expect(try stream.types().last == "article")
    }

    @Test func `an erasure of what is not known is for ever all the same`() throws {
        let stream = try Stream()
        try stream.erase(.versions(source: "wire", uri: "u"))
        try stream.apply(article(text(4), uri: "u"))
        #expect(try stream.types() == [])
    }
}
