import SQLite
import TestSupport
import Testing

@Suite struct ConnectionTests {
    let folder: ScratchDirectory

    init() throws { folder = try ScratchDirectory() }

    private func connection(_ name: String = "a.sqlite", mode: Connection.Mode = .readWrite) throws -> Connection {
        try Connection(path: "\(folder.path)/\(name)", mode: mode, busyTimeout: .milliseconds(1))
    }

    @Test func `a transaction that throws leaves nothing behind`() throws {
        struct Stop: Error {}
        let connection = try connection()
        try connection.execute("CREATE TABLE t(a)")
        #expect(throws: Stop.self) {
            try connection.transaction {
                try connection.execute("INSERT INTO t VALUES (1)")
                throw Stop()
            }
        }
        #expect(try connection.scalar("SELECT count(*) FROM t") == 0)
        #expect(!connection.isInTransaction)
        try connection.transaction { try connection.execute("INSERT INTO t VALUES (2)") }
        #expect(try connection.scalar("SELECT a FROM t") == 2)
    }

    @Test func `a failed statement says what was done and why`() throws {
        let connection = try connection()
        let error = #expect(throws: SQLiteError.self) { try connection.execute("SELECT * FROM missing") }
        #expect(error?.operation.contains("SELECT * FROM missing") == true)
        #expect(error?.message == "no such table: missing")
        #expect(error?.description.contains("SQLite code 1") == true)
    }

    @Test func `a broken constraint is told from other errors`() throws {
        let connection = try connection()
        try connection.execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b NOT NULL)")
        let insert = try connection.statement("INSERT INTO t VALUES (1, ?)")
        let error = #expect(throws: SQLiteError.self) { try insert.bindNull(1).run() }
        #expect(error?.isConstraint == true)
        // 1299 is SQLITE_CONSTRAINT_NOTNULL: extended codes are on.
        #expect(error?.code == 1299)
        try insert.bind(1, 5).run()
        #expect(try connection.scalar("SELECT b FROM t") == 5)
    }

    @Test func `a statement is prepared once and comes back without bindings`() throws {
        let connection = try connection()
        let first = try connection.statement("SELECT ?").bind(1, 7)
        #expect(try first.step())
        #expect(first.int(0) == 7)
        let second = try connection.statement("SELECT ?")
        #expect(first === second)
        #expect(try second.step())
        #expect(second.isNull(0))
        second.reset()
    }

    @Test func `statements may be nested`() throws {
        let connection = try connection()
        try connection.execute("CREATE TABLE t(a); INSERT INTO t VALUES (1), (2), (3)")
        var pairs: [Int] = []
        try connection.statement("SELECT a FROM t ORDER BY a").forEachRow { outer in
            try connection.prepare("SELECT a FROM t WHERE a < ? ORDER BY a").bind(1, outer.int(0)).forEachRow { inner in
                pairs.append(outer.int(0) * 10 + inner.int(0))
            }
        }
        #expect(pairs == [21, 31, 32])
    }

    @Test func `an error inside a row ends the statement's read transaction`() throws {
        struct Stop: Error {}
        let connection = try connection()
        try connection.execute("CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)")
        #expect(throws: Stop.self) {
            try connection.statement("SELECT a FROM t").forEachRow { _ in throw Stop() }
        }
        // A table in use could not be dropped.
        try connection.execute("DROP TABLE t")
    }

    @Test func `every value comes back as it went in`() throws {
        let connection = try connection()
        let query = try connection.statement("SELECT ?, ?, ?, ?, ?, ?, ?")
        try query.bind(1, Int64.min).bind(2, 0.1).bind(3, "zwölf\u{0}\u{1f600}").bind(4, [UInt8]()).bind(5, "")
            .bind(6, [0, 255, 0] as [UInt8]).bind(7, nil as String?)
        #expect(try query.step())
        #expect(query.int64(0) == Int64.min)
        #expect(query.double(1) == 0.1)
        #expect(query.string(2) == "zwölf\u{0}\u{1f600}")
        #expect(!query.isNull(3) && query.bytes(3) == [] && query.byteCount(3) == 0)
        #expect(!query.isNull(4) && query.string(4) == "")
        #expect(query.bytes(5) == [0, 255, 0])
        #expect(query.isNull(6) && query.string(6) == "" && query.bytes(6) == [])
        query.reset()
    }

    @Test func `a query ends at its time limit, and the next one works`() throws {
        let connection = try connection()
        connection.limitTime(.milliseconds(20))
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n"
        let began = ContinuousClock.now
        let error = #expect(throws: SQLiteError.self) { try connection.scalar(endless) }
        #expect(error?.isInterrupted == true)
        #expect(ContinuousClock.now - began < .seconds(5))
        connection.limitTime(nil)
        #expect(try connection.scalar("SELECT 1") == 1)
    }

    @Test func `what is deleted is not in use, and stays in the file`() throws {
        let connection = try connection()
        try connection.configure(durability: .normal)
        try connection.execute("CREATE TABLE t(a)")
        #expect(try connection.bytes == connection.usedBytes)
        try connection.statement("INSERT INTO t VALUES (zeroblob(1000000))").run()
        let full = try connection.bytes
        #expect(try full > 1_000_000 && connection.usedBytes == full)
        try connection.execute("DELETE FROM t")
        #expect(try connection.bytes == full)
        #expect(try connection.usedBytes < full - 950_000)
    }

    @Test func `a second writer is told that the database is busy`() throws {
        let first = try connection()
        try first.configure(durability: .normal)
        try first.execute("CREATE TABLE t(a)")
        let second = try connection()
        try first.execute("BEGIN IMMEDIATE")
        let error = #expect(throws: SQLiteError.self) { try second.transaction {} }
        #expect(error?.isBusy == true)
        #expect(!second.isInTransaction)
        try first.execute("COMMIT")
        try second.transaction { try second.execute("INSERT INTO t VALUES (1)") }
    }

    @Test func `a snapshot does not see what is committed meanwhile`() throws {
        let writer = try connection()
        try writer.configure(durability: .normal)
        try writer.execute("CREATE TABLE t(a); INSERT INTO t VALUES (1)")
        let reader = try connection(mode: .readOnly)
        try reader.snapshot {
            #expect(try reader.scalar("SELECT count(*) FROM t") == 1)
            try writer.execute("INSERT INTO t VALUES (2)")
            #expect(try reader.scalar("SELECT count(*) FROM t") == 1)
        }
        #expect(try reader.scalar("SELECT count(*) FROM t") == 2)
    }

    @Test func `a read-only connection makes no file and changes none`() throws {
        let error = #expect(throws: SQLiteError.self) { try connection("none.sqlite", mode: .readOnly) }
        #expect(error?.isInputOutput == true)
        #expect(error?.description.contains("none.sqlite") == true)
        try connection().execute("CREATE TABLE t(a)")
        let reader = try connection(mode: .readOnly)
        #expect(throws: SQLiteError.self) { try reader.execute("INSERT INTO t VALUES (1)") }
    }

    @Test func `a file that is no database is called damaged`() throws {
        try folder.write(String(repeating: "This is a letter, not a database. ", count: 100), to: "bad.sqlite")
        let connection = try connection("bad.sqlite")
        let error = #expect(throws: SQLiteError.self) { try connection.execute("CREATE TABLE t(a)") }
        #expect(error?.isCorrupt == true)
    }

    @Test func `a statement outlives a failed step`() throws {
        let connection = try connection()
        try connection.execute("CREATE TABLE t(a UNIQUE); INSERT INTO t VALUES (1)")
        let insert = try connection.prepare("INSERT INTO t VALUES (?)")
        #expect(throws: SQLiteError.self) { try insert.bind(1, 1).run() }
        try insert.bind(1, 2).run()
        #expect(connection.changes == 1)
        #expect(connection.lastInsertRowID == 2)
    }

    @Test func `one connection commits, another one checkpoints, and the log begins anew`() throws {
        let writer = try connection()
        try writer.configure(durability: .full)
        writer.leaveCheckpoints()
        try writer.execute("CREATE TABLE t(a)")
        func insert(_ count: Int) throws {
            for _ in 0..<count { try writer.statement("INSERT INTO t VALUES (zeroblob(100000))").run() }
        }
        // SQLite's own would come after 1000 pages.
        try insert(200)
        let logged = writer.loggedPages
        #expect(logged > 1200)
        let other = try connection()
        let first = try other.checkpoint()
        #expect(first.logged == logged && first.moved == logged)
        try insert(1)
        #expect(writer.loggedPages < 20)
        // What is read in an older state stays in the log.
        let reader = try connection()
        try reader.snapshot {
            #expect(try reader.scalar("SELECT count(*) FROM t") == 201)
            try insert(10)
            let second = try other.checkpoint()
            #expect(second.logged == writer.loggedPages && second.moved < second.logged)
        }
        #expect(try other.checkpoint().moved == writer.loggedPages)
        #expect(try connection(mode: .readOnly).scalar("SELECT count(*) FROM t") == 211)
    }
}
