import Articles
import Messaging
import SQLite
import TestSupport
import Testing

@testable import dropwire

/// A backup whose parts were copied at different times, and retention between them.
@Suite struct BackupGapTests {
    private let scratch: ScratchDirectory
    private let log: BackupManifest.Log
    private let paths = ["index/index.sqlite", "watch/log.sqlite-groups", "watch/log.sqlite"]

    /// A log of ten records whose index has read `index`, and whose group of summarizers has shared out 7, all but one done.
    init() throws {
        scratch = try ScratchDirectory()
        for role in ["watch", "index"] { try scratch.makeDirectory(role) }
        let connection = try Connection(path: scratch.path("watch/log.sqlite"))
        try connection.configure(durability: .normal)
        let log = try ArticleLog(connection: connection)
        try connection.transaction {
            for _ in 1...10 { _ = try log.append(topic: Topic(stored: "art/a/en/"), record: Array("{}".utf8)) }
        }
        self.log = .init(path: "watch/log.sqlite", stream: log.stream, epoch: 1, head: 10)
        let groups = try Connection(path: scratch.path("watch/log.sqlite-groups"))
        try groups.execute(
            """
            CREATE TABLE work_group(name TEXT PRIMARY KEY, high INTEGER NOT NULL);
            CREATE TABLE work(name TEXT NOT NULL, seq INTEGER NOT NULL);
            INSERT INTO work_group VALUES ('summarize', 7);
            INSERT INTO work VALUES ('summarize', 7);
            """)
        let index = try Connection(path: scratch.path("index/index.sqlite"))
        try CursorTable("worker_cursor", in: index)
            .save(Cursor(stream: log.stream, epoch: 1, seq: 4, timeMilliseconds: 0))
    }

    private func remove(before seq: Int) throws {
        try Connection(path: scratch.path("watch/log.sqlite")).execute("DELETE FROM log WHERE seq<\(seq)")
    }

    private func find(before oldest: UInt64) throws -> BackupGap? {
        try BackupGap.find(in: scratch.path(""), paths, logs: [log], before: ["watch/log.sqlite": oldest])
    }

    @Test func `what every reader has read may be gone`() throws {
        #expect(try BackupGap.oldest(of: ["watch/log.sqlite"], in: scratch.path("")) == ["watch/log.sqlite": 1])
        try remove(before: 5)
        #expect(try find(before: 1) == nil)
    }

    @Test func `a record that a reader has yet to read is missed`() throws {
        try remove(before: 7)
        let gap = try #require(try find(before: 1))
        #expect(gap == BackupGap(reader: "index/index.sqlite", log: "watch/log.sqlite", first: 5, last: 6))
        #expect(gap.description.contains("removed the records 5 to 6 of watch/log.sqlite, which index/index.sqlite"))
    }

    @Test func `what a reader had missed before is no fault of the backup`() throws {
        try remove(before: 7)
        #expect(try find(before: 7) == nil)
        #expect(try find(before: 6) == nil)
    }

    @Test func `a record that a group has not done is missed`() throws {
        try Connection(path: scratch.path("index/index.sqlite")).execute("UPDATE worker_cursor SET seq=9")
        try remove(before: 7)
        #expect(try find(before: 1) == nil)
        try remove(before: 9)
        #expect(
            try find(before: 1)
                == BackupGap(reader: "watch/log.sqlite-groups", log: "watch/log.sqlite", first: 7, last: 8))
    }
}
