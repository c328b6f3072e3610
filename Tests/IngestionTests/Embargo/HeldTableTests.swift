import Articles
import Linux
import SQLite
import Testing

@testable import Ingestion

/// The table of what is held, by itself.
@Suite struct HeldTableTests {
    private let connection: Connection
    private let ledger: Ledger
    private let table: HeldTable

    init() throws {
        connection = try Connection(path: ":memory:")
        ledger = try Ledger(connection: connection)
        table = try HeldTable(connection: connection)
    }

    private func article(_ uri: String?, _ words: String, version: String? = nil, bytes: Int = 0) -> EncodedArticle {
        var article = Article(
            source: "desk", language: "en",
            ingest: .init(
                path: "a", sha256: "", part: 1, bytes: 1, format: "native", encoding: "utf-8",
                received: Timestamp(milliseconds: 0)))
        article.title = words
        article.uri = uri
        article.version = version
        article.body = String(repeating: "x", count: bytes)
        article.deriveID()
        return EncodedArticle(article, part: 1, topicSource: nil)
    }

    private func file(_ name: String) throws -> Int64 {
        let entry = Ledger.Entry(
            id: 0, directory: try ledger.directory("/srv/drop"), path: RelativePath(bytes: Array(name.utf8)),
            identity: FileIdentity(inode: 1, size: 1, modified: 1), state: .committed, outcome: .published, code: "ok",
            message: "", time: 7, sha256: nil)
        return try ledger.insert(entry, sha256: nil, parts: 1, firstSeq: 0)
    }

    @Test func `what is due comes in the order of its time, then of its coming`() throws {
        let file = try file("a.txt")
        for (words, until) in [("c", 30), ("a1", 10), ("b", 20), ("a2", 10)] as [(String, Int64)] {
            try table.hold(article("urn:\(words)", words), until: until, file: file)
        }
        #expect(table.count == 4 && table.nextRelease == 10)
        func ids(_ words: String...) -> [ArticleID] { words.map { article("urn:\($0)", $0).id } }
        #expect(try table.due(at: 9, limit: 9).isEmpty)
        #expect(try table.due(at: 10, limit: 9).map(\.id) == ids("a1", "a2"))
        #expect(try table.due(at: .max, limit: 3).map(\.id) == ids("a1", "a2", "b"))
        #expect(try table.list(limit: 9).map(\.id) == ids("c", "a1", "b", "a2"))
        #expect(try table.list(limit: 1).first?.path == "a.txt")
    }

    @Test func `a batch has some megabytes at most, and one article at least`() throws {
        let file = try file("a.txt")
        for number in 0..<4 {
            try table.hold(article("urn:\(number)", "w", bytes: 5 << 20), until: 1, file: file)
        }
        #expect(try table.due(at: 1, limit: 9).count == 2)
        try table.hold(article("urn:large", "w", bytes: 20 << 20), until: 0, file: file)
        #expect(try table.due(at: 1, limit: 9).count == 1)
    }

    @Test func `a place is that of a source and uri, or of an id, and is free when it was left`() throws {
        let file = try file("a.txt")
        try table.hold(article("urn:a", "one", version: "1"), until: 1, file: file)
        try table.hold(article(nil, "nameless"), until: 1, file: file)
        let standing = try #require(try table.standing(for: article("urn:a", "two", version: "2")))
        #expect(
            standing.version == "1" && standing.file == file && standing.id == article("urn:a", "one", version: "1").id)
        #expect(try table.standing(for: article(nil, "nameless")) != nil)
        #expect(try table.standing(for: article(nil, "other")) == nil)
        try table.remove(standing, .withdrawn)
        #expect(try table.standing(for: article("urn:a", "two")) == nil)
        let share = try table.share(of: file)
        #expect(share.held == 1 && share.superseded == 1 && share.code == .withdrawn && share.total == 2)
    }

    @Test func `a share tells what was released, and where it stands on the log`() throws {
        let file = try file("a.txt")
        for number in 0..<3 { try table.hold(article("urn:\(number)", "w\(number)"), until: 5, file: file) }
        let due = try table.due(at: 5, limit: 2)
        try table.noteReleased(due[0], seq: 40, isEarly: false)
        try table.noteReleased(due[1], seq: 42, isEarly: true)
        let share = try table.share(of: file)
        #expect(share.held == 1 && share.released == 2 && share.early == 1 && share.until == 5)
        #expect(share.firstSeq == 40 && share.lastSeq == 42 && share.articleID == due[0].id)
        #expect(table.count == 1)
    }

    @Test func `what a rolled back transaction did is forgotten`() throws {
        struct Stop: Error {}
        let file = try file("a.txt")
        try table.hold(article("urn:a", "one"), until: 50, file: file)
        #expect(throws: Stop.self) {
            try connection.transaction {
                try table.hold(article("urn:b", "two"), until: 10, file: file)
                throw Stop()
            }
        }
        try table.reload()
        #expect(table.count == 1 && table.nextRelease == 50)
        // As another process finds it.
        #expect(try HeldTable(connection: connection).count == 1)
    }
}
