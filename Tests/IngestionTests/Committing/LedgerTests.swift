import Articles
import Linux
import Messaging
import SQLite
import TestSupport
import Testing

@testable import Ingestion

/// What the ledger knows of content, however much of it there is and whichever version wrote it.
@Suite struct LedgerTests {
    private func digest(_ number: Int) -> [UInt8] {
        // The first eight bytes are the key: spread as those of real digests are.
        let key = UInt64(truncatingIfNeeded: number) &* 0x9e37_79b9_7f4a_7c15
        return (0..<8).map { UInt8(truncatingIfNeeded: key >> (8 * $0)) }
            + [UInt8](repeating: UInt8(number & 0xff), count: 24)
    }

    @discardableResult
    private func insert(
        _ number: Int, as name: String? = nil, in directory: Int64 = 1, outcome: FileOutcome = .published,
        sha256: [UInt8]? = nil, into ledger: Ledger
    ) throws -> Int64 {
        try ledger.insert(
            Ledger.Entry(
                id: 0, directory: directory, path: RelativePath(name ?? "\(number).txt"),
                identity: FileIdentity(inode: UInt64(number), size: 10, modified: 1), state: .disposed,
                outcome: outcome, code: "ok", message: "", time: 1), sha256: sha256 ?? digest(number), parts: 1,
            firstSeq: UInt64(number + 1))
    }

    private func path(_ number: Int, in directory: Int64 = 1, _ ledger: Ledger) throws -> String? {
        try ledger.published(directory, sha256: digest(number))?.path.description
    }

    @Test func `the first file of a content is found, in its own directory, before and after a merge`() throws {
        let scratch = try ScratchDirectory()
        let connection = try Connection(path: scratch.path("log.sqlite"))
        let ledger = try Ledger(connection: connection)
        let count = ContentIndex.mergeCount + 1000
        try connection.transaction {
            for number in 0..<count { try insert(number, into: ledger) }
            try insert(5, as: "again.txt", into: ledger)
            try insert(5, as: "elsewhere.txt", in: 2, into: ledger)
            try insert(count, outcome: .quarantined, into: ledger)
        }
        func check() throws {
            for number in [0, 5, count / 2, count - 1] { #expect(try path(number, ledger) == "\(number).txt") }
            #expect(try path(5, in: 2, ledger) == "elsewhere.txt")
            #expect(try path(6, in: 2, ledger) == nil)
            #expect(try path(count, ledger) == nil, "quarantined content is nobody's first")
            #expect(try path(count + 1, ledger) == nil)
        }
        try check()
        try ledger.mergeIfDue()
        #expect(try connection.scalar("SELECT count(*) FROM content") == Int64(count + 1))
        try check()
        try connection.transaction { _ = try insert(7, as: "late.txt", into: ledger) }
        #expect(try path(7, ledger) == "7.txt", "the merged row is the older one")
        // After a start.
        let again = try Ledger(connection: connection)
        #expect(try path(5, again) == "5.txt" && path(5, in: 2, again) == "elsewhere.txt")
    }

    @Test func `a key that two contents share is not taken for the same content`() throws {
        let scratch = try ScratchDirectory()
        let connection = try Connection(path: scratch.path("log.sqlite"))
        let ledger = try Ledger(connection: connection)
        let other = Array(digest(1).prefix(8)) + [UInt8](repeating: 0xee, count: 24)
        try connection.transaction { _ = try insert(1, into: ledger) }
        #expect(try ledger.published(1, sha256: other) == nil)
    }

    @Test func `what was rolled back is forgotten`() throws {
        let scratch = try ScratchDirectory()
        let connection = try Connection(path: scratch.path("log.sqlite"))
        let ledger = try Ledger(connection: connection)
        struct Undone: Error {}
        #expect(throws: Undone.self) {
            try connection.transaction {
                try insert(1, into: ledger)
                throw Undone()
            }
        }
        try ledger.reload()
        #expect(try path(1, ledger) == nil)
        #expect(ledger.openCount == 0)
    }

    @Test func `a ledger of version 1 is taken over whole, and a newer one is refused`() throws {
        let scratch = try ScratchDirectory()
        let connection = try Connection(path: scratch.path("log.sqlite"))
        try connection.execute(
            """
            CREATE TABLE directory(id INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL);
            CREATE TABLE ledger(
                id INTEGER PRIMARY KEY, directory INTEGER NOT NULL, path BLOB NOT NULL, inode INTEGER NOT NULL,
                size INTEGER NOT NULL, modified INTEGER NOT NULL, sha256 BLOB, digest INTEGER, state INTEGER NOT NULL,
                outcome TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, time_ms INTEGER NOT NULL,
                parts_done INTEGER NOT NULL, first_seq INTEGER NOT NULL);
            CREATE INDEX ledger_path ON ledger(directory, path) WHERE state<>2;
            CREATE INDEX ledger_digest ON ledger(digest) WHERE digest IS NOT NULL;
            PRAGMA user_version=1;
            INSERT INTO ledger VALUES (1, 1, CAST('a.txt' AS BLOB), 7, 3, 9, x'\(hex(digest(1)))', \(key(1)), 1,
                'published', 'ok', '', 5, 1, 1);
            """)
        let ledger = try Ledger(connection: connection)
        #expect(try path(1, ledger) == "a.txt")
        #expect(try ledger.undisposed(1).map(\.path.description) == ["a.txt"])
        #expect(try connection.scalar("SELECT count(*) FROM sqlite_master WHERE name='ledger_digest'") == 0)
        #expect(try connection.scalar("PRAGMA user_version") == 2)
        try connection.execute("PRAGMA user_version=3")
        #expect(throws: NewerState.self) { try Ledger(connection: connection) }
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func key(_ number: Int) -> Int64 { digest(number).prefix(8).reduce(0) { $0 << 8 | Int64($1) } }
}
