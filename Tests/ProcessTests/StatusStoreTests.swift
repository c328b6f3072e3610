import Articles
import FoundationEssentials
import Glibc
import Linux
import Messaging
import SQLite
import Synchronization
import TestSupport
import Testing

/// The store of the status service: what it has acknowledged it keeps, and a damaged one is told and made anew.
@Suite struct StatusStoreTests {
    private struct Summary: Decodable, Equatable {
        struct Results: Decodable, Equatable {
            var ok: Int
            var failed: Int
            var verdicts: [String: Int]
        }
        var files: [String: Int]
        var articles: Int
        var results: [String: Results]
    }

    /// Reports results one behind the other, and knows which of them the status service has acknowledged.
    private final class Reporter: Sendable {
        private let dropwire: Installation
        private let stream = StreamID.random()
        private let isOver = Atomic<Bool>(false)
        private let batches = Atomic<Int>(0)
        static let batch = 10

        init(_ dropwire: Installation) { self.dropwire = dropwire }

        /// How many batches were acknowledged.
        var acknowledged: Int { batches.load(ordering: .acquiring) }

        func stop() { isOver.store(true, ordering: .releasing) }

        func run() {
            var client = makeClient()
            while !isOver.load(ordering: .acquiring) {
                let first = UInt64(acknowledged * Reporter.batch)
                let rows = (1...UInt64(Reporter.batch)).map { number in
                    ResultRecord(
                        stream: stream.description, epoch: 1, seq: first + number, kind: "test", generation: 1,
                        attempt: 1, status: .ok, timeMilliseconds: 1, articleID: nil,
                        data: .object(["n": .integer(Int64(first + number))])
                    ).encodeRecord()
                }
                let json = Reply { writer in
                    writer.field("producer", "test")
                    writer.field("kind", "test")
                    writer.field("count", rows.count)
                }.json
                do {
                    _ = try client.request("REPORT", json: json, payload: rows)
                    batches.add(1, ordering: .releasing)
                } catch { client = makeClient() }
            }
        }

        private func makeClient() -> CommandClient {
            CommandClient(
                context: dropwire.context, endpoints: ["ipc://\(dropwire.scratch.path("run"))/status/report.sock"])
        }
    }

    @Test func `what was acknowledged is there exactly once, whenever the service is killed`() throws {
        let dropwire = try Installation()
        let reporter = Reporter(dropwire)
        var status = try dropwire.startReady("status")
        let thread = try SystemThread(name: "reporter") { reporter.run() }
        defer { reporter.stop() }
        for _ in 0..<8 {
            let before = reporter.acknowledged
            let more = Int.random(in: 1...40)
            try waitUntil("\(more) batches are acknowledged", within: .seconds(60)) {
                reporter.acknowledged >= before + more
            }
            try status.kill()
            status = try dropwire.startReady("status")
        }
        reporter.stop()
        thread.join()
        let count = reporter.acknowledged * Reporter.batch
        #expect(try status.stop() == .exited(0))
        let store = try Connection(path: dropwire.scratch.path("state/status/results.sqlite"), mode: .readOnly)
        #expect(try store.scalar("SELECT count(*) FROM result WHERE seq<=\(count)") == Int64(count))
        // The log has each of them once, too: whoever follows it is told no more and no less.
        let logged = try store.scalar("SELECT count(*) FROM log") ?? 0
        #expect(try store.scalar("SELECT count(*) FROM result") == logged)
        #expect(logged >= count && logged <= count + Reporter.batch)
        #expect(try store.scalar("SELECT max(seq) FROM log") == logged)
    }

    @Test func `a damaged store is told, made anew, and has the same articles and results again`() throws {
        let dropwire = try Installation()
        let crew = Crew(dropwire)
        try crew.startAll()
        let count = 300
        for number in 0..<count { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
        func isComplete() throws -> Bool {
            let summary = try dropwire.askStatus("SUMMARY", Summary.self)
            return summary.articles == count && summary.files == ["published": count]
                && ["deduplicate", "index", "summarize"].allSatisfy { summary.results[$0]?.ok == count }
        }
        try waitUntil("all is stored", within: .seconds(120)) { try isComplete() }
        let before = try dropwire.askStatus("SUMMARY", Summary.self)
        try crew.kill("status")

        let path = dropwire.scratch.path("state/status/results.sqlite")
        let damaged = try damage(path)
        let refused = try dropwire.start("status")
        #expect(try refused.waitUntilEnded() == .exited(1))
        #expect(refused.errorOutput.contains("results.sqlite' is damaged"), "\(refused.errorOutput)")
        #expect(refused.errorOutput.contains("dropwire status --rebuild"))

        let rebuild = try dropwire.run(["status", "--rebuild", "--json"])
        #expect(rebuild.ending == .exited(0), "\(rebuild.errorOutput)")
        let outcome = try JSONDecoder().decode(JSONValue.self, from: Data(rebuild.output.utf8))
        #expect((outcome["damaged_tables"]?.arrayValue?.count ?? 0) > 0, "\(damaged) \(rebuild.output)")
        #expect((outcome["articles"]?.integerValue ?? 0) < count)
        #expect(access(outcome["kept_as"]?.stringValue ?? "", F_OK) == 0)
        let again = try dropwire.run(["status", "--rebuild"])
        #expect(again.ending == .exited(1) && again.errorOutput.contains("is whole"), "\(again.errorOutput)")

        try crew.start("status")
        // The stateless worker keeps nothing: its group begins again.
        let reset = try dropwire.run(["group", "reset", "summarize", "--from", "first"])
        #expect(reset.ending == .exited(0), "\(reset.errorOutput)")
        try waitUntil("all is back", within: .seconds(120)) { try isComplete() }
        #expect(try dropwire.askStatus("SUMMARY", Summary.self) == before)
        for number in [0, count / 2, count - 1] {
            let why = try dropwire.run(["why", "--json", dropwire.dropPath + "/\(number).txt"])
            let journey = try JSONDecoder().decode(JSONValue.self, from: Data(why.output.utf8))
            let results = journey["articles"]?.arrayValue?.first?["results"]?.arrayValue
            #expect(results?.compactMap { $0["kind"]?.stringValue }.sorted() == ["deduplicate", "index", "summarize"])
        }
        #expect(try crew.stopAll() == [])
    }

    /// Writes over pages of the largest tables; returns which.
    private func damage(_ path: String) throws -> [Int] {
        let connection = try Connection(path: path)
        #expect(try connection.emptyLog())
        var pages: [Int] = []
        for (table, count) in [("article", 4), ("result", 6), ("file", 2), ("log", 30)] {
            try connection.statement(
                "SELECT pageno FROM dbstat WHERE name=? AND pagetype='leaf' ORDER BY pageno LIMIT ?"
            ).bind(1, table).bind(2, count).forEachRow { pages.append($0.int(0)) }
        }
        let size = Int(try connection.scalar("PRAGMA page_size") ?? 0)
        let descriptor = open(path, O_WRONLY)
        defer { close(descriptor) }
        for page in pages {
            let bytes = [UInt8](repeating: 0xaa, count: size)
            #expect(pwrite(descriptor, bytes, size, off_t((page - 1) * size)) == size)
        }
        return pages
    }
}
