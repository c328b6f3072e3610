import Articles
import FoundationEssentials
import Glibc
import Messaging
import TestSupport
import Testing

/// SIGKILL at random moments, in all processes: at the end nothing is lost, nothing is there twice, nothing is invented.
///
/// For longer runs: DROPWIRE_SOAK_ARTICLES (1000), DROPWIRE_SOAK_KILLS of each process at work (5), DROPWIRE_SOAK_SEED.
@Suite struct KillTests {
    private struct Summary: Decodable {
        struct Results: Decodable {
            var ok: Int
            var failed: Int
            var skipped: Int
            var dead: Int
            var verdicts: [String: Int]?
        }
        var files: [String: Int]
        var articles: Int
        var results: [String: Results]
    }

    private struct ResultKey: Hashable {
        let stream: String
        let epoch: UInt32
        let seq: UInt64
        let kind: String
    }

    @Test func `every article is processed once, whoever is killed whenever`() throws {
        let least = KillTests.setting("DROPWIRE_SOAK_ARTICLES") ?? 1000
        let kills = KillTests.setting("DROPWIRE_SOAK_KILLS") ?? 5
        let seed = KillTests.setting("DROPWIRE_SOAK_SEED").map { UInt64($0) } ?? .random(in: 0...999_999_999)
        print("kill test: DROPWIRE_SOAK_SEED=\(seed)")
        var random = SeededGenerator(seed: seed)

        // A slow writer is only told from a file that is complete by its pauses, where its watcher is killed.
        let dropwire = try Installation(settle: "3s")
        let crew = Crew(dropwire)
        let producer = Producer(dropwire)
        try crew.startAll()
        var count = 0
        try producer.run {
            let chunk = max(1, least / (kills * Installation.roles.count))
            var delayed: [String] = []
            var rounds = 0
            while count < least || !crew.wereKilledAtWork(kills) {
                rounds += 1
                try #require(
                    rounds < 10 * kills, "the processes were idle whenever they were killed: \(crew.killsAtWork)")
                // Whoever was at work often enough is left to it, so that the others get some.
                for role in Installation.roles.shuffled(using: &random) where !crew.wasKilledAtWork(role, kills) {
                    let moment = count + Int.random(in: 0..<chunk, using: &random)
                    count += chunk
                    producer.allow(count)
                    try waitUntil("article \(moment) is dropped") { producer.count >= moment }
                    // What is dropped is published when it has settled; who has caught up has nothing to lose.
                    try crew.awaitWork(role, within: .seconds(5))
                    usleep(UInt32.random(in: 0...5_000, using: &random))
                    try crew.kill(role)
                    for role in delayed { try crew.start(role) }
                    delayed = []
                    // Some stay dead for a while, so that the others meet an absent peer.
                    if Int.random(in: 0..<3, using: &random) == 0 { delayed = [role] } else { try crew.start(role) }
                }
            }
        }
        print("kill test: \(count) articles; kills \(crew.kills), at work \(crew.killsAtWork)")
        #expect(producer.count == count)
        #expect(Installation.roles.allSatisfy { crew.killsAtWork[$0, default: 0] >= kills })

        try crew.startAll()
        do { try waitUntilProcessed(count, dropwire) } catch { throw Trouble("\(error)\n\(crew.report)") }
        try checkFiles(count, dropwire)
        let entries = try dropwire.records()
        let articles = try checkLog(entries, count)
        try checkResults(dropwire, of: articles, stream: entries[0].position.stream)
        try checkWorkers(dropwire, count)
        #expect(try crew.stopAll() == [])
    }

    private static func setting(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }

    private func waitUntilProcessed(_ count: Int, _ dropwire: Installation) throws {
        var last = ""
        do {
            // However slow they are beside other tests: only a standstill is one.
            var isProcessed = false
            while !isProcessed {
                let before = last
                try waitUntil("more is processed", within: .seconds(60)) {
                    guard let summary = try? dropwire.askStatus("SUMMARY", Summary.self) else { return false }
                    last = "\(summary)"
                    isProcessed =
                        dropwire.waiting.isEmpty && summary.articles >= count
                        && summary.files["published"] ?? 0 >= count
                        && ["deduplicate", "index", "summarize"].allSatisfy { summary.results[$0]?.ok ?? 0 >= count }
                    return isProcessed || last != before
                }
            }
        } catch {
            let watch = try? dropwire.askWatch("STATUS", JSONValue.self)
            let processes = try? dropwire.askStatus("PROCESSES", JSONValue.self)
            let groups = try? dropwire.run(["group", "list"]).output
            throw Trouble(
                "\(error); waiting: \(dropwire.waiting.prefix(5)); \(last); \(watch as Any); \(processes as Any); "
                    + "\(groups ?? "")")
        }
    }

    private func checkFiles(_ count: Int, _ dropwire: Installation) throws {
        #expect(
            dropwire.scratch.list("drop").filter { $0 != ".done" }.allSatisfy { name in
                name.hasPrefix(".") && dropwire.scratch.list("drop/\(name)").isEmpty
            })
        let archive = dropwire.archive()
        #expect(archive.count == count)
        let differing = (0..<count).filter { archive[Producer.name($0)] != Array(Sample.article($0).utf8) }
        #expect(differing.isEmpty)
    }

    private func checkLog(_ entries: [LogEntry], _ count: Int) throws -> [LogEntry] {
        #expect(entries.map(\.position.seq) == Array(1...UInt64(entries.count)))
        #expect(Set(entries.map(\.position.stream)).count == 1)
        let articles = entries.filter { $0.article != nil }
        let files = entries.compactMap(\.file)
        #expect(articles.count + files.count == entries.count)
        #expect(articles.count == count)
        let titles = articles.compactMap { $0.article?.title }
        #expect(Set(titles) == Set((0..<count).map(Sample.title)))
        let bodies = articles.compactMap { $0.article?.body }
        #expect(Set(bodies).count == count)
        #expect(files.count == count)
        #expect(files.allSatisfy { $0.outcome == .published && $0.articles == 1 })
        #expect(Set(files.map(\.path)) == Set((0..<count).map(Producer.name)))
        return articles
    }

    private func checkResults(_ dropwire: Installation, of articles: [LogEntry], stream: StreamID) throws {
        let summary = try dropwire.askStatus("SUMMARY", Summary.self)
        #expect(summary.articles == articles.count)
        #expect(summary.files == ["published": articles.count])
        #expect(Set(summary.results.keys) == ["deduplicate", "index", "summarize"])
        for (kind, results) in summary.results {
            #expect(results.ok == articles.count, "\(kind)")
            #expect(results.failed == 0 && results.skipped == 0 && results.dead == 0, "\(kind)")
        }
        #expect(summary.results["deduplicate"]?.verdicts == ["unique": articles.count])

        let entries = try dropwire.records(of: "status")
        #expect(entries.map(\.position.seq) == Array(1...UInt64(entries.count)))
        let results = entries.compactMap(\.result)
        #expect(results.count == entries.count)
        // The article in hand at a kill may be told as failed before it is done again; what is done is done once.
        #expect(results.allSatisfy { $0.status == .ok || $0.data["reason"] == .string("the worker died on it") })
        let keys = results.filter { $0.status == .ok }.map {
            ResultKey(stream: $0.stream, epoch: $0.epoch, seq: $0.seq, kind: $0.kind)
        }
        #expect(keys.count == 3 * articles.count)
        let expected = articles.flatMap { article in
            ["deduplicate", "index", "summarize"].map {
                ResultKey(
                    stream: stream.description, epoch: article.position.epoch, seq: article.position.seq, kind: $0)
            }
        }
        #expect(Set(keys) == Set(expected))
        let ids = Dictionary(uniqueKeysWithValues: articles.map { ($0.position.seq, $0.article?.id) })
        #expect(entries.compactMap(\.result).allSatisfy { ids[$0.seq] == $0.articleID })
    }

    private func checkWorkers(_ dropwire: Installation, _ count: Int) throws {
        let unique = try dropwire.records(of: "deduplicate")
        #expect(unique.map(\.position.seq) == Array(1...UInt64(unique.count)))
        #expect(unique.count == count)
        #expect(Set(unique.compactMap { $0.article?.title }).count == count)
        let found = try dropwire.run(["search", "--json", "quay \(count - 1)"])
        #expect(found.output.contains(Sample.title(count - 1)), "\(found.errorOutput)")
    }
}
