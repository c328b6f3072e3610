import SQLite
import TestSupport
import Testing

@testable import Ingestion

@Suite struct CheckpointerTests {
    private let folder: ScratchDirectory
    private let connection: Connection
    private let checkpointer: Checkpointer

    init() throws {
        folder = try ScratchDirectory()
        connection = try Connection(path: folder.path("a.sqlite"))
        try connection.configure(durability: .full)
        try connection.execute("CREATE TABLE t(a)")
        checkpointer = try Checkpointer(connection)
    }

    private func insert(megabytes: Int) throws {
        try connection.statement("INSERT INTO t VALUES (zeroblob(?))").bind(1, megabytes << 20).run()
    }

    private var logBytes: Int { folder.size("a.sqlite-wal") ?? 0 }

    @Test func `a log stays bounded while commits never cease`() throws {
        for _ in 0..<60 {
            try insert(megabytes: 4)
            checkpointer.work()
        }
        #expect(logBytes < 48 << 20)
        #expect(try connection.scalar("SELECT sum(length(a)) FROM t") == 240 << 20)
    }

    @Test func `a reader of an older state holds nothing up, and the log begins anew when it is gone`()
        throws
    {
        let reader = try Connection(path: connection.path, mode: .readOnly)
        try reader.snapshot {
            #expect(try reader.scalar("SELECT count(*) FROM t") == 0)
            for _ in 0..<15 {
                try insert(megabytes: 4)
                checkpointer.work()
            }
            #expect(connection.loggedPages * 16384 > 60 << 20)
        }
        for _ in 0..<2 {
            try insert(megabytes: 4)
            checkpointer.work()
        }
        #expect(connection.loggedPages * 16384 < 16 << 20)
    }

    @Test func `a little is left where it is`() throws {
        try insert(megabytes: 1)
        checkpointer.work()
        let pages = connection.loggedPages
        try insert(megabytes: 1)
        #expect(connection.loggedPages > pages)
    }
}
