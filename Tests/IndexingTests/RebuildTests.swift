import Articles
import Indexing
import Messaging
import SQLite
import TestSupport
import Testing

/// The full text made anew beside the one that is searched and written.
@Suite(.timeLimit(.minutes(10))) struct RebuildTests {
    let bench: Bench

    init() throws { bench = try Bench() }

    private func rebuild() throws -> TextRebuild {
        let connection = try Connection(path: bench.path)
        try connection.configure(durability: .normal)
        return try TextRebuild(connection: connection)
    }

    /// Every token of the full text with its document, column and position.
    private func text(of bench: Bench) throws -> [String] {
        try bench.connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.instances USING fts5vocab(main, article_text, instance)")
        defer { try? bench.connection.execute("DROP TABLE temp.instances") }
        var rows: [String] = []
        try bench.connection.prepare(
            "SELECT term, doc, col, offset FROM temp.instances ORDER BY doc, col, offset, term"
        )
        .forEachRow { rows.append("\($0.string(0)) \($0.int(1)) \($0.string(2)) \($0.int(3))") }
        return rows
    }

    private func tables() throws -> [String] {
        var names: [String] = []
        try bench.connection.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'article_text%' ORDER BY name")
            .forEachRow { names.append($0.string(0)) }
        return names
    }

    private func fill(_ count: Int) throws {
        for number in 0..<count {
            try bench.add(
                Bench.article(
                    "Title \(number)", "oil running \(number % 7 == 0 ? "gas" : "tea") n\(number)", uri: "u\(number)"))
        }
    }

    private func answers(_ searcher: ArticleSearcher) throws -> [SearchResults] {
        try ["oil", "run OR gas", "oil -gas", "\"oil running\"", "titl*", "-tea"].map {
            try searcher.search($0, limit: 20, by: .init(.relevance))
        }
    }

    @Test func `searches answer the same all the way through`() throws {
        try fill(150)
        let before = try answers(bench.searcher())
        let (text, tables) = (try text(of: bench), try tables())
        let rebuild = try rebuild()
        var progress = try rebuild.begin()
        #expect(progress == .init(done: 0, total: 150, isFinished: false))
        var steps = 0
        let cursor = try #require(try bench.searcher().search("oil", limit: 50).next)
        while !progress.isFinished {
            progress = try rebuild.step(bytes: 4096)
            steps += 1
            #expect(try answers(bench.searcher()) == before)
        }
        #expect(steps > 10)
        #expect(progress == .init(done: 150, total: 150, isFinished: true))
        #expect(try self.text(of: bench) == text)
        #expect(try self.tables() == tables)
        #expect(try bench.searcher().search("oil", limit: 50, cursor: cursor).hits.count == 50, "cursors go on")
        let anew = try ArticleSearcher(
            connection: Connection(path: bench.path, mode: .readOnly), timeLimit: .seconds(20))
        #expect(try answers(anew) == before)
    }

    @Test func `what is interrupted goes on where its last slice ended, or begins anew`() throws {
        try fill(60)
        let before = try answers(bench.searcher())
        _ = try rebuild().begin()
        var done = 0
        do {
            let first = try rebuild()
            _ = try first.begin()
            for _ in 0..<3 { done = try first.step(bytes: 2000).done }
        }
        #expect(done > 0)
        try bench.kill("u0")
        try bench.kill("u59")
        try bench.add(Bench.article("Title 1", "oil running tea n1 more", uri: "u1"))
        let second = try rebuild()
        #expect(try second.begin().done == done - 2, "two of those that were done have left")
        while try !second.step(bytes: 2000).isFinished {}
        let text = try text(of: bench)
        let third = try rebuild()
        _ = try third.begin()
        _ = try third.step(bytes: 2000)
        #expect(try rebuild().begin(isAnew: true) == .init(done: 0, total: 58, isFinished: false))
        while try !third.step().isFinished {}
        #expect(try self.text(of: bench) == text)
        #expect(try answers(bench.searcher()) != before)
        #expect(try bench.searcher().search("n1 more").total == 1)
        #expect(try bench.searcher().search("oil").total == 58)
    }

    @Test func `a text that is lost or damaged comes back`() throws {
        try fill(30)
        let (text, before) = (try text(of: bench), try answers(bench.searcher()))
        try bench.connection.execute("DELETE FROM article_text_data WHERE id>10")
        let rebuild = try rebuild()
        _ = try rebuild.begin()
        while try !rebuild.step().isFinished {}
        #expect(try self.text(of: bench) == text)
        let searcher = try ArticleSearcher(connection: Connection(path: bench.path, mode: .readOnly))
        #expect(try answers(searcher) == before)
    }

    @Test func `an index of another version is left alone`() throws {
        try bench.connection.execute("UPDATE index_meta SET v=v+1 WHERE k='tokenizer'")
        let rebuild = try rebuild()
        #expect(throws: TextRebuild.NotPrepared.self) { try rebuild.begin() }
        #expect(throws: TextRebuild.NotPrepared.self) { try rebuild.step() }
        try bench.index.prepare()
        _ = try rebuild.begin()
        #expect(throws: TextRebuild.NotPrepared.self) {
            try TextRebuild(connection: Connection(path: bench.folder.path("none.sqlite"))).begin()
        }
    }

    @Test(arguments: 1...8)
    func `a text made anew is that which was kept up to date, whatever comes meanwhile`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let rebuild = try rebuild()
        var isRunning = false
        var rounds = 0
        for number in 0..<240 {
            switch Int.random(in: 0..<12, using: &random) {
            case 0: try bench.kill("u\(Int.random(in: 0..<40, using: &random))")
            case 1...3:
                guard isRunning else {
                    // Begun again now and then, or gone on with by another process.
                    _ = try rebuild.begin(isAnew: Bool.random(using: &random))
                    isRunning = true
                    continue
                }
                isRunning = try !rebuild.step(bytes: Int.random(in: 1...6000, using: &random)).isFinished
                if !isRunning { rounds += 1 }
            default:
                let batch = (0...Int.random(in: 0...4, using: &random)).map { index in
                    var article = Bench.article(
                        "Title \(Int.random(in: 0..<5, using: &random))",
                        "Running \(number) "
                            + (0..<Int.random(in: 0..<20, using: &random)).map { "word\($0)" }
                            .joined(separator: " "),
                        language: ["en", "de", "und"].randomElement(using: &random) ?? "en",
                        uri: Bool.random(using: &random) ? "u\(Int.random(in: 0..<40, using: &random))" : nil,
                        version: Bool.random(using: &random) ? "\(Int.random(in: 1..<5, using: &random))" : nil)
                    if Int.random(in: 0..<6, using: &random) == 0 { article.pubStatus = .withheld }
                    return article
                }
                try bench.addAll(batch)
            }
        }
        let kept = try text(of: bench)
        _ = try rebuild.begin(isAnew: true)
        while try !rebuild.step(bytes: 3000).isFinished {}
        #expect(try text(of: bench) == kept)
        // The same records in an index of its own, which has them from the archive alone.
        let other = try Bench()
        for record in try bench.searcher().page(
            of: ArchiveRange(), limit: 10_000, bytes: .max, now: Timestamp(milliseconds: 0)
        ).records {
            try other.add(record: record)
        }
        let words = { (rows: [String]) in rows.map { $0.split(separator: " ")[0] }.sorted() }
        #expect(try words(text(of: other)) == words(kept))
        #expect(rounds > 0 || !kept.isEmpty)
    }
}
