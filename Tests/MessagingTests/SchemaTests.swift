import Articles
import SQLite
import Synchronization
import TestSupport
import Testing

@testable import Messaging

/// The databases of earlier versions, and of later ones.
@Suite struct SchemaTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    @Test func `every version has a fixture`() {
        let stores = [
            "stream": ArticleLog.stateVersion, "groups": GroupStore.stateVersion, "outbox": WorkerStore.stateVersion,
        ]
        for (store, version) in stores {
            #expect(Set(SchemaFixture.all(of: store).map(\.version)) == Set(1...version.known))
        }
    }

    @Test(arguments: SchemaFixture.all(of: "stream"))
    func `a log of an earlier version is taken over`(fixture: SchemaFixture) throws {
        let log = try fixture.upgrade(in: scratch) { path in
            let connection = try Connection(path: path)
            return try ArticleLog(connection: connection)
        }
        #expect(log.head == 11 && log.epoch == 1)
        #expect(log.topicNames(under: "art/") == ["art/drop/en/", "art/drop/und/"])
        let reader = try LogReader(path: scratch.path("earlier.sqlite"))
        #expect(try reader.record(2).map { RecordType.of($0.bytes) } == .article)
    }

    @Test(arguments: SchemaFixture.all(of: "groups"))
    func `groups and consumers of an earlier version are taken over`(fixture: SchemaFixture) throws {
        let store = try fixture.upgrade(in: scratch) { try GroupStore(path: $0) }
        let group = try store.group("summarize")
        #expect(group.high == 11 && group.maxAttempts == 5 && !group.isPaused)
        #expect(group.items[10]?.attempt == 2 && group.dead[4]?.reason == "no words")
        #expect(store.consumers["index"]?.seq == 9)
        let place = GroupStore.Place(seq: 9, seen: 1_796_200_000_000)
        try store.commit(consumer: "index", place)
        #expect(try GroupStore(path: scratch.path("earlier.sqlite")).consumers["index"] == place)
    }

    @Test(arguments: SchemaFixture.all(of: "outbox"))
    func `a worker's outbox, cursors and failures of an earlier version are taken over`(fixture: SchemaFixture) throws {
        let store = try fixture.upgrade(in: scratch) { try WorkerStore(connection: Connection(path: $0)) }
        // The first version removed what was stored: what it has waits.
        let waiting = fixture.description == "outbox-1" ? 0 : 5
        #expect(try store.outboxCount() == waiting)
        #expect(try store.outboxBatch().count == waiting)
        let stream = try #require(StreamID("e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd"))
        #expect(try store.cursors.cursor(of: stream)?.seq == 11)
        #expect(try store.failureCounts().dead == 1)
    }

    @Test func `tables of a later version are refused, and nothing is written`() throws {
        let path = scratch.path("later.sqlite")
        do { _ = try GroupStore(path: path) }
        let connection = try Connection(path: path)
        try connection.execute("DROP TABLE dead; PRAGMA user_version=3")
        let error = #expect(throws: NewerState.self) { try GroupStore(path: path) }
        #expect(error?.path == path && error?.version == 3 && error?.known == 2)
        #expect(try connection.scalar("SELECT count(*) FROM sqlite_schema WHERE name='dead'") == 0)
        let words = ["'\(path)'", "version 3", "up to 2", "install the later one", "dropwire restore"]
        #expect(words.allSatisfy { error?.description.contains($0) ?? false })
    }

    @Test func `who waits for the process is told of an upgrade at once, and again while SQLite works`() throws {
        let told = Mutex<[String]>([])
        StateUpgrade.observe { line in told.withLock { $0.append(line) } }
        defer { StateUpgrade.observe { _ in } }
        let fixture = try #require(SchemaFixture.all(of: "groups").first)
        _ = try fixture.upgrade(in: scratch) { try GroupStore(path: $0) }
        let lines = told.withLock { $0 }
        #expect(lines.contains("Upgrading the groups of a log from version 1 to 2, for 0 s"))
        // What the upgrade itself does is too short for a second word.
        let connection = try Connection(path: ":memory:")
        var beats = 0
        let work = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<300000) SELECT count(*) FROM n"
        let count = try connection.withPulse(every: .milliseconds(1), { beats += 1 }) { try connection.scalar(work) }
        #expect(count == 300_000)
        let after = beats
        _ = try connection.scalar(work)
        #expect(after > 0 && beats == after)
    }
}
