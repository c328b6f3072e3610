import Articles
import FoundationEssentials
import Linux
import Messaging
import TestSupport
import Testing
import ZeroMQ

/// Several watchers, one set of workers, one status service.
@Suite struct SeveralWatchersTests {
    private struct Summary: Decodable {
        struct Results: Decodable { var ok: Int }
        var articles: Int
        var files: [String: Int]
        var results: [String: Results]
    }

    private struct Place: Hashable {
        let stream: String
        let seq: UInt64
        let kind: String
    }

    private static let kinds = ["deduplicate", "index", "summarize"]

    private let dropwire: Installation

    init() throws { dropwire = try Installation() }

    /// Waits until so many articles are known, and each worker has a result of each.
    private func waitForArticles(_ count: Int) throws {
        try waitUntil("\(count) articles went through all workers", within: .seconds(60)) {
            guard let summary = try? dropwire.askStatus("SUMMARY", Summary.self) else { return false }
            return summary.articles == count
                && SeveralWatchersTests.kinds.allSatisfy { summary.results[$0]?.ok == count }
        }
    }

    private func quarantine(_ json: String) throws -> JSONValue {
        let client = CommandClient(
            context: dropwire.context, endpoints: ["ipc://\(dropwire.scratch.path("run/status/report.sock"))"])
        let reply = try client.request("QUARANTINE", json: Array(json.utf8), deadline: .seconds(20))
        return try JSONDecoder().decode(JSONValue.self, from: Data(reply.json))
    }

    /// Drops ten articles, each of its own number; the names are the same everywhere.
    private func drop(_ first: Int, _ put: (String, String) throws -> Void) throws {
        for number in first..<first + 10 { try put(Sample.article(number), "a\(number % 100).txt") }
    }

    @Test func `watchers feed one set of workers, one that is away holds up no other, a late one is found`() throws {
        let crew = Crew(dropwire)
        try crew.startAll()
        let (north, south) = (
            try WatcherHost("north", reportingTo: dropwire), try WatcherHost("south", reportingTo: dropwire)
        )
        try north.start()
        try south.start()
        try drop(0) { try dropwire.drop($0, as: $1) }
        try drop(100) { try north.drop($0, as: $1) }
        try drop(200) { try south.drop($0, as: $1) }
        try waitForArticles(30)

        try north.kill()
        try drop(10) { try dropwire.drop($0, as: $1) }
        try drop(110) { try north.drop($0, as: $1) }
        try drop(210) { try south.drop($0, as: $1) }
        try waitForArticles(50)
        try waitUntil("the workers say whose log is away", within: .seconds(60)) {
            let beats = try ["deduplicate", "summarize-1"].map { try dropwire.heartbeat(of: $0) }
            return beats.allSatisfy { $0?.trouble?.hasPrefix("north: ") == true && $0?.streams.count == 3 }
        }
        try north.start()
        try waitForArticles(60)

        let late = try WatcherHost("late", reportingTo: dropwire)
        try drop(300) { try late.drop($0, as: $1) }
        try late.start()
        try waitForArticles(70)
        try waitUntil("nothing is in trouble any more") {
            let beats = try ["deduplicate", "index", "summarize-1"].map { try dropwire.heartbeat(of: $0) }
            return beats.allSatisfy { $0?.trouble == nil && $0?.lag == 0 && $0?.streams.count == 4 }
        }

        // What one watcher has, and what became of it, each once.
        let hosts = [("own", try dropwire.records()), ("north", try north.records()), ("south", try south.records())]
        var places: Set<Place> = []
        for (name, records) in hosts + [("late", try late.records())] {
            let articles = records.filter { $0.article != nil }
            #expect(articles.count == (name == "late" ? 10 : 20))
            #expect(records.compactMap { $0.file?.outcome }.allSatisfy { $0 == .published })
            for kind in SeveralWatchersTests.kinds {
                for article in articles {
                    places.insert(
                        Place(stream: article.position.stream.description, seq: article.position.seq, kind: kind))
                }
            }
        }
        let results = try dropwire.records(of: "status").compactMap(\.result)
        #expect(results.count == 210)
        #expect(Set(results.map { Place(stream: $0.stream, seq: $0.seq, kind: $0.kind) }) == places)

        try toolsReachEach(south)
        #expect(try [north, south, late].compactMap { try $0.stop() } == [])
        #expect(try crew.stopAll() == [])
    }

    private func toolsReachEach(_ south: WatcherHost) throws {
        let tail = try dropwire.run([
            "tail", "--watcher", "north", "--from", "1", "--topic", "art/", "--count", "20", "--json",
        ])
        let titles = try tail.output.split(separator: "\n").compactMap { line in
            try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))["title"]?.stringValue
        }
        #expect(Set(titles) == Set((100..<120).map(Sample.title)))
        let unknown = try dropwire.run(["tail", "--watcher", "west"])
        #expect(unknown.ending == .exited(1) && unknown.errorOutput.contains("there are late@"))

        // The same path in the same place of another watcher's directory is another file.
        try south.drop("", as: "a1.txt")
        try waitUntil("the empty file is in south's quarantine", within: .seconds(30)) {
            try quarantine(#"{"watcher":"south","action":"list","all":true}"#)["files"]?.arrayValue?.count == 1
        }
        #expect(try quarantine(#"{"watcher":"north","action":"list","all":true}"#)["files"]?.arrayValue == [])
        let refusal = #expect(throws: WireError.self) { try quarantine(#"{"action":"list","all":true}"#) }
        #expect(refusal?.message.contains("name one: late@") == true)
        let listed = try dropwire.run(["quarantine", "list", "--watcher", "south"])
        #expect(listed.output.contains("a1.txt"))

        let path = south.scratch.path("drop/a0.txt")
        let original = try dropwire.run(["original", path])
        #expect(original.output == Sample.article(200))
        let status = try dropwire.run(["status"])
        for name in ["north", "south", "late", "watch"] {
            let line = status.output.split(separator: "\n").first { $0.contains(" \(name) ") && $0.hasSuffix("/drop") }
            #expect(line != nil, "\(name)")
        }
    }
}
