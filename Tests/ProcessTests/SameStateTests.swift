import Articles
import FoundationEssentials
import Glibc
import Linux
import Messaging
import TestSupport
import Testing

/// Workers that die again and again end in the state of workers that were never disturbed, on the same articles: copies,
/// near duplicates, versions that replace each other, and kills.
///
/// For longer runs: DROPWIRE_SAME_STATE_ARTICLES (600), DROPWIRE_SAME_STATE_KILLS of each worker (4), DROPWIRE_SAME_STATE_SEED.
@Suite struct SameStateTests {
    private static let workers = ["deduplicate", "index", "summarize"]

    /// What is left when all work is done, without what differs between any two runs: times, streams and their UUIDs.
    private struct Outcome {
        /// The data of each result, by kind and sequence number.
        var results: [String: JSONValue] = [:]
        /// Type and id of each record of the unique stream, in order.
        var unique: [String] = []
        /// What the index shows.
        var shown: Set<String> = []
        /// The number of hits of some words.
        var hits: [String: Int64] = [:]
        var kills = 0
    }

    @Test func `workers that are killed again and again end in the state of an undisturbed run`() throws {
        let count = SameStateTests.setting("DROPWIRE_SAME_STATE_ARTICLES") ?? 600
        let kills = SameStateTests.setting("DROPWIRE_SAME_STATE_KILLS") ?? 4
        let seed = SameStateTests.setting("DROPWIRE_SAME_STATE_SEED").map { UInt64($0) } ?? .random(in: 0...999_999_999)
        print("same state: DROPWIRE_SAME_STATE_SEED=\(seed)")
        var random = SeededGenerator(seed: seed)
        let articles = SameStateTests.articles(count, files: kills * SameStateTests.workers.count, &random)
        let calm = try run(articles, isDisturbed: false, &random)
        let disturbed = try run(articles, isDisturbed: true, &random)
        print("same state: \(count) articles, \(calm.results.count) results, \(disturbed.kills) kills at work")
        #expect(disturbed.kills >= kills)
        #expect(Set(calm.results.keys) == Set(disturbed.results.keys))
        let differing = calm.results.filter { disturbed.results[$0.key] != $0.value }.keys.sorted()
        #expect(differing.isEmpty)
        #expect(calm.unique == disturbed.unique)
        #expect(calm.shown == disturbed.shown)
        #expect(calm.hits == disturbed.hits)
        // The articles are such that all of it happens.
        let verdicts = Set(calm.results.values.compactMap { $0["verdict"]?.stringValue })
        #expect(verdicts == ["unique", "exact", "near", "revision"])
        let actions = Set(calm.results.values.compactMap { $0["action"]?.stringValue })
        #expect(actions.isSuperset(of: ["indexed", "replaced"]))
        #expect(calm.unique.contains { $0.hasPrefix("kill") } && calm.shown.count > count / 3)
    }

    private static func setting(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }

    // MARK: Articles

    /// Makes files of JSON lines.
    private static func articles(_ count: Int, files: Int, _ random: inout SeededGenerator) -> [String] {
        func words(_ count: Int, _ random: inout SeededGenerator) -> [String] {
            (0..<count).map { _ in "word\(Int.random(in: 0..<4000, using: &random))" }
        }
        var made: [(uri: String, version: Int, words: [String])] = []
        var lines: [String] = []
        for number in 0..<count {
            var article = (uri: "urn:\(number)", version: 1, words: words(60, &random))
            var status = "usable"
            let earlier = made.randomElement(using: &random)
            switch (Int.random(in: 0..<100, using: &random), earlier) {
            case (0..<10, let earlier?): article.words = earlier.words
            case (10..<30, let earlier?):
                article.words = earlier.words
                article.words[Int.random(in: 0..<60, using: &random)] = "other"
            case (30..<40, let earlier?):
                (article.uri, article.version) = (earlier.uri, earlier.version + 1)
            case (40..<43, let earlier?):
                (article.uri, article.version, status) = (earlier.uri, earlier.version + 1, "canceled")
            default: break
            }
            made.append(article)
            let text = stride(from: 0, to: 60, by: 12).map {
                article.words[$0..<$0 + 12].joined(separator: " ").capitalizedFirst + "."
            }
            lines.append(
                """
                {"uri":"\(article.uri)","version":"\(article.version)","title":"\(article.words[0...4].joined(separator: " "))",\
                "body":"\(text.joined(separator: " "))","published":"2025-02-26T03:27:00Z","language":"en",\
                "pub_status":"\(status)"}
                """)
        }
        return (0..<files).map { file in
            lines[lines.count * file / files..<lines.count * (file + 1) / files].map { $0 + "\n" }.joined()
        }
    }

    // MARK: Runs

    /// Drops the files one after the other, so that the log is the same each time. Where it is disturbed, a worker is killed
    /// at each of them.
    private func run(_ files: [String], isDisturbed: Bool, _ random: inout SeededGenerator) throws -> Outcome {
        let dropwire = try Installation()
        let status = try dropwire.startReady("status")
        let watch = try dropwire.startReady("watch")
        var log = FollowedLog(dropwire, "watch")
        var results = Results(dropwire)
        var outcome = Outcome()
        var processes: [String: TestedProcess] = [:]
        for worker in SameStateTests.workers { processes[worker] = try dropwire.startReady(worker) }
        let victims = files.indices.map { SameStateTests.workers[$0 % SameStateTests.workers.count] }
        for (victim, file) in zip(victims.shuffled(using: &random), files.enumerated()) {
            guard let process = processes[victim] else { continue }
            // It stands still until there is work: else all might be done before it is killed.
            if isDisturbed { process.send(SIGSTOP) }
            let name = "\(file.offset).ndjson"
            try dropwire.drop(file.element, as: name)
            try waitUntil("'\(name)' is on the log", within: .seconds(60)) {
                try log.follow().contains { $0.path == name }
            }
            guard isDisturbed else { continue }
            process.send(SIGCONT)
            usleep(UInt32.random(in: 0...60_000, using: &random))
            guard try process.kill() == .killed(signal: SIGKILL) else {
                throw Trouble("\(victim) ended by itself: \(process.errorOutput)")
            }
            try results.follow()
            if results.count(of: victim, log.lasting) < log.lasting.count { outcome.kills += 1 }
            processes[victim] = try dropwire.startReady(victim)
        }
        let lasting = log.lasting
        try waitUntil("all work is done", within: .seconds(900)) {
            try results.follow()
            return SameStateTests.workers.allSatisfy { results.count(of: $0, lasting) == lasting.count }
        }
        // The kills that come last have no results.
        let head = log.cursor?.seq
        try waitUntil("all kills are known") {
            try ["deduplicate", "index"].allSatisfy { try dropwire.heartbeat(of: $0)?.streams.first?.seq == head }
        }
        for (kind, data) in results.byKind {
            for (seq, data) in data where lasting.contains(seq) { outcome.results["\(kind) \(seq)"] = data }
        }
        try read(&outcome, dropwire)
        for process in [watch, status] + processes.values { #expect(try process.stop() == .exited(0)) }
        return outcome
    }

    /// What stands on a stream's log; each look reads on where the last one ended.
    private struct FollowedLog {
        private let client: CommandClient
        private(set) var cursor: Cursor?
        private var uris: [UInt64: String] = [:]
        private var killed: Set<String> = []

        init(_ dropwire: Installation, _ section: String) {
            let path = dropwire.scratch.path("run/\(section)-log.sock")
            client = CommandClient(context: dropwire.context, endpoints: ["ipc://\(path)"])
        }

        /// Reads to the end; returns the records that came.
        mutating func records() throws -> [(position: Position, bytes: [UInt8])] {
            var records: [(position: Position, bytes: [UInt8])] = []
            while true {
                let json = LogRequests.fetch(after: cursor, maximum: 500, waitMilliseconds: 0)
                let reply = try FetchReply(client.request("FETCH", json: json, deadline: .seconds(20)))
                records += reply.records
                cursor = reply.next
                if reply.next.seq >= reply.head { return records }
            }
        }

        /// Reads articles and kills to the end; returns the files' records that came.
        mutating func follow() throws -> [FileRecord] {
            var files: [FileRecord] = []
            for (position, bytes) in try records() {
                let data = Data(bytes)
                switch RecordType.of(bytes) {
                case .article: uris[position.seq] = try JSONDecoder().decode(Article.self, from: data).uri
                case .kill: killed.insert(try JSONDecoder().decode(KillRecord.self, from: data).uri)
                case .file: files.append(try JSONDecoder().decode(FileRecord.self, from: data))
                default: break
                }
            }
            return files
        }

        /// The articles that every worker has a result for in the end: of one that is killed, what was made before the kill
        /// came is told or not, as it happens.
        var lasting: Set<UInt64> { Set(uris.filter { !killed.contains($0.value) }.keys) }
    }

    /// The results that were told so far, the last of each.
    private struct Results {
        private var log: FollowedLog
        private(set) var byKind: [String: [UInt64: JSONValue]] = [:]

        init(_ dropwire: Installation) { log = FollowedLog(dropwire, "status") }

        mutating func follow() throws {
            for (_, bytes) in try log.records() where RecordType.of(bytes) == .result {
                let result = try JSONDecoder().decode(ResultRecord.self, from: Data(bytes))
                if result.status == .ok { byKind[result.kind, default: [:]][result.seq] = result.data }
            }
        }

        func count(of kind: String, _ wanted: Set<UInt64>) -> Int {
            byKind[kind, default: [:]].keys.count { wanted.contains($0) }
        }
    }

    private func read(_ outcome: inout Outcome, _ dropwire: Installation) throws {
        outcome.unique = try dropwire.records(of: "deduplicate").map { entry in
            let record = try JSONDecoder().decode(JSONValue.self, from: Data(entry.bytes))
            return ["type", "id", "uri"].map { record[$0]?.stringValue ?? "" }.joined(separator: " ")
        }
        let export = try dropwire.run(["export", "--format", "ndjson"])
        outcome.shown = Set(
            try export.output.split(separator: "\n").map { line in
                let record = try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))
                return ["id", "uri", "version", "body"].map { record[$0]?.stringValue ?? "" }.joined(separator: " ")
            })
        for word in ["word1", "word2 OR word3", "other", "word4*", "NOT other"] {
            let reply = try dropwire.run(["search", "--json", word]).output
            let answer = try? JSONDecoder().decode(JSONValue.self, from: Data(reply.utf8))
            outcome.hits[word] = answer?["total"]?.integerValue ?? -1
        }
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
