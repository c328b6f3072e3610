import Articles
import SQLite
import TestSupport
import Testing

@testable import Messaging

@Suite struct ArticleLogTests {
    let directory: ScratchDirectory
    let connection: Connection
    let log: ArticleLog

    init() throws {
        directory = try ScratchDirectory()
        connection = try Connection(path: directory.path("log.sqlite"))
        try connection.configure(durability: .normal)
        log = try ArticleLog(connection: connection)
    }

    struct Undone: Error {}

    @discardableResult
    func append(_ count: Int, topic: String = "art/a/en/", to log: ArticleLog? = nil) throws -> [Position] {
        try connection.transaction {
            try (0..<count).map { index in
                try (log ?? self.log).append(topic: Topic(stored: topic), record: Array("{\"n\":\(index)}".utf8))
            }
        }
    }

    func all(after seq: UInt64 = 0, head: UInt64? = nil, topics: [String] = []) throws -> [LogRecord] {
        let reader = try LogReader(path: directory.path("log.sqlite"))
        return try reader.read(
            after: seq, head: head ?? reader.state.head, filter: TopicFilter(topics),
            bounds: .init(records: 10_000, bytes: 1 << 30, time: .seconds(30))
        ).records
    }

    @Test func `sequence numbers begin at 1 and have no holes`() throws {
        #expect(log.head == 0)
        #expect(log.epoch == 1)
        #expect(try append(3).map(\.seq) == [1, 2, 3])
        #expect(try append(2).map(\.seq) == [4, 5])
        #expect(try all().map(\.position.seq) == [1, 2, 3, 4, 5])
        #expect(log.takeAppended().map(\.position.seq) == [1, 2, 3, 4, 5])
        #expect(log.takeAppended().isEmpty)
    }

    @Test func `a rollback leaves no hole and publishes nothing`() throws {
        try append(2)
        _ = log.takeAppended()
        #expect(throws: Undone.self) {
            try connection.transaction {
                _ = try log.append(topic: Topic(stored: "art/new/en/"), record: [1])
                #expect(log.head == 3)
                throw Undone()
            }
        }
        try log.forgetAppended()
        #expect(log.head == 2)
        #expect(log.takeAppended().isEmpty)
        // The topic that was made in the rolled back transaction is made again.
        #expect(try append(1, topic: "art/new/en/").map(\.seq) == [3])
        #expect(try all(after: 2).map(\.topic) == ["art/new/en/"])
    }

    @Test func `the rollback of a savepoint leaves no hole and publishes nothing`() throws {
        try append(1)
        _ = log.takeAppended()
        try connection.transaction {
            _ = try log.append(topic: Topic(stored: "art/a/en/"), record: [2])
            try connection.execute("SAVEPOINT article")
            _ = try log.append(topic: Topic(stored: "art/b/en/"), record: [0])
            try connection.execute("ROLLBACK TO article; RELEASE article")
            try log.forgetAppended()
            #expect(try log.append(topic: Topic(stored: "art/b/en/"), record: [3]).seq == 3)
            try connection.execute("SAVEPOINT article")
            _ = try log.append(topic: Topic(stored: "art/c/en/"), record: [0])
            try connection.execute("ROLLBACK TO article; RELEASE article")
            try log.forgetAppended()
        }
        #expect(log.takeAppended().map(\.bytes) == [[2], [3]])
        #expect(try all(after: 1).map(\.bytes) == [[2], [3]])
        #expect(try all(after: 1).map(\.topic) == ["art/a/en/", "art/b/en/"])
        #expect(log.head == 3)
    }

    @Test func `a log that is opened again goes on where it was`() throws {
        try append(4)
        let again = try ArticleLog(connection: connection)
        #expect(again.stream == log.stream)
        #expect(again.head == 4)
        #expect(try append(1, to: again).map(\.seq) == [5])
    }

    @Test func `a log that retention emptied goes on with its sequence numbers`() throws {
        try append(5)
        #expect(try log.trim(before: .max, notPast: 3) == 3)
        #expect(try all(after: 0).map(\.position.seq) == [4, 5])
        #expect(try log.trim(before: .max, notPast: .max >> 1, limit: 1) == 1)
        #expect(try log.trim(before: .max, notPast: .max >> 1) == 1)
        let again = try ArticleLog(connection: connection)
        #expect(again.head == 5)
        #expect(try LogReader(path: directory.path("log.sqlite")).low(head: 5) == 6)
        #expect(try append(1, to: again).map(\.seq) == [6])
        #expect(again.takeAppended().map(\.position.seq) == [6])
    }

    @Test func `retention spares what is younger`() throws {
        let positions = try append(3)
        #expect(try log.trim(before: positions[0].timeMilliseconds, notPast: 3) == 0)
    }

    @Test func `times never go back, even where the clock was ahead before`() throws {
        try append(1)
        let future = Int64(4_000_000_000_000)
        try connection.execute("UPDATE log SET time_ms=\(future)")
        let again = try ArticleLog(connection: connection)
        #expect(try append(2, to: again).map(\.timeMilliseconds) == [future, future])
    }

    @Test func `a log of a newer version is refused`() throws {
        try connection.execute("UPDATE meta SET v=99 WHERE k='log_schema'")
        #expect(throws: NewerState.self) { try ArticleLog(connection: connection) }
    }

    @Test func `a reader beside a writer sees whole transactions only`() throws {
        let reader = try LogReader(path: directory.path("log.sqlite"))
        try connection.transaction {
            for index in 0..<10 { _ = try log.append(topic: Topic(stored: "art/a/en/"), record: [UInt8(index)]) }
            #expect(
                try reader.read(after: 0, head: 10, filter: .init(), bounds: .init(records: 99, bytes: 999)).records
                    .isEmpty)
        }
        #expect(
            try reader.read(after: 0, head: 10, filter: .init(), bounds: .init(records: 99, bytes: 999)).records.count
                == 10)
    }
}

@Suite struct LogReaderTests {
    let directory: ScratchDirectory
    let connection: Connection
    let log: ArticleLog

    init() throws {
        directory = try ScratchDirectory()
        connection = try Connection(path: directory.path("log.sqlite"))
        try connection.configure(durability: .normal)
        log = try ArticleLog(connection: connection)
    }

    func append(_ topic: String, count: Int = 1, bytes: Int = 10) throws {
        try connection.transaction {
            for _ in 0..<count {
                _ = try log.append(topic: Topic(stored: topic), record: [UInt8](repeating: 0x20, count: bytes))
            }
        }
    }

    @Test func `a rare topic is skipped to by the index`() throws {
        try append("art/a/en/", count: 30_000)
        try append("art/rare/en/")
        try append("art/a/en/", count: 50)
        let reader = try LogReader(path: directory.path("log.sqlite"))
        let bounds = LogReader.Bounds(records: 10, bytes: 1000, rows: 100)
        let rare = TopicFilter(["art/rare/"])
        let first = try reader.read(after: 0, head: log.head, filter: rare, bounds: bounds)
        #expect(first.records.isEmpty)
        #expect(first.next == 30_000)
        let second = try reader.read(after: first.next, head: log.head, filter: rare, bounds: bounds)
        #expect(second.records.map(\.position.seq) == [30_001])
        #expect(second.next == log.head)
        #expect(try reader.read(after: 0, head: log.head, filter: .init(["file/"]), bounds: bounds).next == log.head)
    }

    @Test func `what is committed but not published is passed over by no skip`() throws {
        try append("art/a/en/", count: 500)
        try append("art/rare/en/")
        let reader = try LogReader(path: directory.path("log.sqlite"))
        let bounds = LogReader.Bounds(records: 10, bytes: 1000, rows: 100)
        // The server knows of 300 records only.
        let slice = try reader.read(after: 0, head: 300, filter: TopicFilter(["art/rare/"]), bounds: bounds)
        #expect(slice.next == 300)
        #expect(slice.records.isEmpty)
    }

    @Test func `a prefix with its slash does not match a longer name`() throws {
        try append("art/bbc/en/")
        try append("art/bbc-sport/en/")
        let reader = try LogReader(path: directory.path("log.sqlite"))
        let bounds = LogReader.Bounds(records: 10, bytes: 1000)
        func seqs(_ topics: [String]) throws -> [UInt64] {
            try reader.read(after: 0, head: 2, filter: TopicFilter(topics), bounds: bounds).records.map(\.position.seq)
        }
        #expect(try seqs(["art/bbc/"]) == [1])
        #expect(try seqs(["art/bbc"]) == [1, 2])
        #expect(try seqs([]) == [1, 2])
        #expect(try seqs(["file/", "art/bbc-sport/"]) == [2])
    }

    @Test func `a time is found by halving`() throws {
        try append("art/a/en/", count: 100)
        try connection.execute("UPDATE log SET time_ms=1000+10*seq")
        let reader = try LogReader(path: directory.path("log.sqlite"))
        #expect(try reader.firstSeq(at: 0) == 1)
        #expect(try reader.firstSeq(at: 1010) == 1)
        #expect(try reader.firstSeq(at: 1011) == 2)
        #expect(try reader.firstSeq(at: 2000) == 100)
        #expect(try reader.firstSeq(at: 2001) == nil)
        try connection.execute("DELETE FROM log WHERE seq<=50")
        #expect(try reader.firstSeq(at: 0) == 51)
        try connection.execute("DELETE FROM log")
        #expect(try reader.firstSeq(at: 0) == nil)
    }

    /// Ring and disk give the same records in the same steps, whatever is asked.
    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `the ring answers as the disk does`(seed: UInt64) throws {
        var random = Random(seed: seed)
        let topics = ["art/a/en/", "art/ab/en/", "file/a/published/", "art/b/de/"]
        for _ in 0..<200 {
            try append(topics[random.below(4)], bytes: 1 + random.below(300))
        }
        var ring = LogRing(capacity: 20_000)
        for record in log.takeAppended() { ring.append(record) }
        let reader = try LogReader(path: directory.path("log.sqlite"))
        let first = try #require(ring.first)
        #expect(first > 1)
        var answered = 0
        for _ in 0..<400 {
            let after = UInt64(random.below(201))
            let filter = TopicFilter(
                (0..<random.below(3)).map { _ in ["art/", "art/a/", "file/", "x/"][random.below(4)] })
            let bounds = LogReader.Bounds(
                records: 1 + random.below(40), bytes: 1 + random.below(3000), time: .seconds(60))
            let onDisk = try reader.read(after: after, head: 200, filter: filter, bounds: bounds)
            let inRing = ring.read(after: after, head: 200, filter: filter, bounds: bounds)
            #expect((inRing != nil) == (after + 1 >= first))
            guard let inRing else { continue }
            answered += 1
            #expect(inRing.records == onDisk.records)
            // They may say that they looked to different places, but neither passes over a match.
            let last = onDisk.records.last?.position.seq ?? after
            #expect(inRing.next >= last)
            if inRing.next > last {
                let passed = try reader.read(
                    after: last, head: inRing.next, filter: filter, bounds: .init(records: 9, bytes: 9))
                #expect(passed.records.isEmpty)
            }
        }
        #expect(answered > 20)
    }

    @Test func `a ring that ends before the head answers nothing`() throws {
        try append("art/a/en/", count: 10)
        var ring = LogRing(capacity: 20_000)
        for record in log.takeAppended()[3..<6] { ring.append(record) }
        let bounds = LogReader.Bounds(records: 100, bytes: 1000)
        #expect(ring.read(after: 4, head: 10, filter: .init(), bounds: bounds) == nil)
        #expect(ring.read(after: 6, head: 10, filter: .init(), bounds: bounds) == nil)
        #expect(ring.read(after: 4, head: 6, filter: .init(), bounds: bounds)?.records.count == 2)
    }

    @Test func `a ring begins anew after a gap`() throws {
        try append("art/a/en/", count: 10)
        let records = log.takeAppended()
        var ring = LogRing(capacity: 20_000)
        ring.append(records[0])
        ring.append(records[5])
        #expect(ring.first == 6)
    }

    @Test func `a mailbox over its bound keeps the newest`() throws {
        try append("art/a/en/", count: 100, bytes: 872)
        let records = log.takeAppended()
        var mailbox = CommitMailbox(capacity: 10_000)
        mailbox.add(Array(records[0..<10]))
        #expect(!mailbox.hasSkipped)
        #expect(mailbox.records.count == 10)
        mailbox.add([records[10]])
        #expect(mailbox.hasSkipped)
        #expect(mailbox.records.last == records[10])
        #expect(mailbox.records.count <= 6)
        mailbox.add(Array(records[11...]))
        #expect(mailbox.records.last == records[99])
        #expect(mailbox.records.count <= 10)
        let taken = mailbox.take()
        #expect(taken.hasSkipped)
        #expect(mailbox.records.isEmpty)
        #expect(!mailbox.hasSkipped)
        var tiny = CommitMailbox(capacity: 1)
        tiny.add(records)
        #expect(tiny.records == [records[99]])
    }
}

/// A small generator with a seed, so that a failure can be repeated (SplitMix64).
struct Random: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}
