import Articles
import FoundationEssentials
import Linux
import Messaging
import SQLite
import TestSupport
import Testing

/// `replay`, `tail`, `group`, `consumer` and `dead` against a running watcher.
@Suite struct StreamToolTests {
    private let dropwire: Installation
    private let watch: TestedProcess

    init() throws {
        dropwire = try Installation()
        watch = try dropwire.startReady("watch")
    }

    /// Drops articles and waits until all of them are on the log; returns the stream.
    private func publish(_ numbers: ClosedRange<Int>) throws -> [LogEntry] {
        for number in numbers { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
        for number in numbers { _ = try dropwire.fileRecord(of: "\(number).txt") }
        return try dropwire.records()
    }

    private func lines(_ entries: some Sequence<LogEntry>) -> String {
        entries.map { String(decoding: $0.bytes, as: UTF8.self) + "\n" }.joined()
    }

    private func object(_ text: some StringProtocol) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    private func log() -> CommandClient {
        CommandClient(context: dropwire.context, endpoints: ["ipc://\(dropwire.scratch.path("run"))/watch-log.sock"])
    }

    @Test func `replay prints what stands between two places, however they are named`() throws {
        let records = try publish(1...6)
        func replay(_ arguments: String...) throws -> TestedProcess {
            try dropwire.run(["replay", "--json"] + arguments)
        }
        let all = try replay("--from", "first")
        #expect(all.ending == .exited(0) && all.output == lines(records), "\(all.errorOutput)")
        #expect(try replay("--from", "3", "--to", "7").output == lines(records[2...6]))
        let cursor = { (index: Int) in "\(records[index].position.cursor)" }
        #expect(try replay("--from", cursor(3), "--to", cursor(8)).output == lines(records[4...8]))
        let time = Timestamp(milliseconds: records[5].position.timeMilliseconds).description
        let later = records.filter { $0.position.timeMilliseconds >= Timestamp(time)!.milliseconds }
        #expect(try replay("--from", time).output == lines(later))
        #expect(try replay("--from", "first", "--to", time).output == lines(records.dropLast(later.count)))
        let articles = try replay("--from", "first", "--topic", "art/")
        #expect(articles.output == lines(records.filter { $0.article != nil }))
        #expect(try replay("--from", "end").output.isEmpty)

        let beyond = try replay("--from", "\(records.count)", "--to", "\(records.count + 5)")
        #expect(beyond.ending == .exited(1) && beyond.output == lines(records.suffix(1)))
        #expect(beyond.errorOutput.contains("the log ends at \(records.count)"))
        for wrong in [[], ["--from", "soon"], ["--from", "dw1:x"], ["--from", "1", "--to", "dw1:::"]] {
            #expect(try dropwire.run(["replay"] + wrong).ending == .exited(64))
        }
        #expect(try watch.stop() == .exited(0))
    }

    @Test func `replay says what retention has taken, and prints the rest`() throws {
        let records = try publish(1...3)
        #expect(try watch.stop() == .exited(0))
        let log = try Connection(path: dropwire.scratch.path("state/watch/log.sqlite"))
        try log.execute("DELETE FROM log WHERE seq<=3")
        let again = try dropwire.startReady("watch")
        let replay = try dropwire.run(["replay", "--json", "--from", "2"])
        #expect(replay.ending == .exited(1) && replay.output == lines(records.dropFirst(3)))
        #expect(replay.errorOutput.contains("retention has removed the records 2 to 3"))
        let tail = try dropwire.run([
            "tail", "--json", "--from", "\(records[0].position.cursor)", "--count", "\(records.count - 3)",
        ])
        #expect(tail.ending == .exited(1) && tail.output == lines(records.dropFirst(3)))
        #expect(try again.stop() == .exited(0))
    }

    @Test func `tail goes on after the cursor that it left in a file`() throws {
        let records = try publish(1...4)
        let file = dropwire.scratch.path("cursor")
        func tail(_ count: Int) throws -> TestedProcess {
            try dropwire.run(["tail", "--json", "--from", "first", "--cursor-file", file, "--count", "\(count)"])
        }
        #expect(try tail(3).output == lines(records[..<3]))
        #expect(
            dropwire.scratch.read("cursor").map { String(decoding: $0, as: UTF8.self) }
                == "\(records[2].position.cursor)\n")
        #expect(try tail(records.count - 3).output == lines(records[3...]))
        // What comes while nobody looks comes next, and then the live stream.
        let live = try TestedProcess([
            "tail", "--config", dropwire.configurationPath, "--json", "--cursor-file", file, "--topic", "art/",
        ])
        _ = try publish(5...6)
        try waitUntil("both are printed") { live.output.split(separator: "\n").count == 2 }
        try live.kill()
        try dropwire.scratch.write("something else", to: "cursor")
        let refused = try tail(1)
        #expect(refused.ending == .exited(1) && refused.errorOutput.contains("holds no cursor"))
        #expect(try watch.stop() == .exited(0))
    }

    @Test func `a group is looked after from the command line, with its dead letters and their articles`() throws {
        let records = try publish(1...3)
        let articles = records.filter { $0.article != nil }
        func group(_ arguments: String...) throws -> TestedProcess { try dropwire.run(["group"] + arguments) }
        let made = try group("create", "geo", "--from", "first", "--topic", "art/", "--max-attempts", "1")
        #expect(made.ending == .exited(0) && made.output.contains("topics    art/"), "\(made.errorOutput)")
        let log = log()
        func claim() throws -> FetchReply {
            try FetchReply(log.request("CLAIM", json: Array(#"{"group":"geo","owner":"o"}"#.utf8)))
        }
        let seqs = try claim().records.map(\.position.seq)
        #expect(seqs == articles.map(\.position.seq))
        let refusal = LogRequests.settle(group: "geo", owner: "o", seqs: seqs, reason: "no such place")
        _ = try log.request("NACK", json: refusal)

        let dead = try dropwire.run(["dead", "list", "geo", "--json"])
        let letters = try dead.output.split(separator: "\n").map(object)
        #expect(letters.map { $0["seq"]?.integerValue } == seqs.map(Int64.init))
        #expect(letters.map { $0["id"]?.stringValue } == articles.map { $0.article?.id.description })
        #expect(letters.map { $0["title"]?.stringValue } == articles.map { $0.article?.title })
        #expect(letters.allSatisfy { $0["reason"] == .string("no such place") && $0["attempts"] == .integer(1) })
        #expect(try dropwire.run(["dead", "list"]).output.contains("geo  \(seqs[0])  1 attempt  no such place"))

        let retried = try dropwire.run(["dead", "retry", "geo", "\(seqs[0])", "99"])
        #expect(retried.output == "given out again: \(seqs[0])\n" && retried.errorOutput == "not dead: 99\n")
        #expect(retried.ending == .exited(1))
        #expect(try claim().records.map(\.position.seq) == [seqs[0]])
        let discarded = try dropwire.run(["dead", "discard", "geo", "--all", "--json"])
        #expect(try object(discarded.output)["discarded"] == .array(seqs.dropFirst().map { .integer(Int64($0)) }))

        #expect(try group("pause", "geo").output.contains("paused"))
        #expect(try object(group("list", "--json").output)["paused"] == .boolean(true))
        #expect(try object(group("resume", "geo", "--json").output)["paused"] == .boolean(false))
        let reset = try object(group("reset", "geo", "--from", "\(seqs[1])", "--json").output)
        #expect(reset["floor"] == .integer(Int64(seqs[1]) - 1) && reset["inflight"] == .integer(0))
        #expect(try group("delete", "geo").output == "deleted: geo\n")
        #expect(try group("delete", "geo").ending == .exited(1))
        #expect(try group("show", "geo").ending == .exited(1))
        #expect(try watch.stop() == .exited(0))
    }

    @Test func `a worker's own dead letters are listed, retried and discarded, and it notices`() throws {
        let records = try publish(1...2)
        let article = try #require(records.first { $0.article != nil })
        let first = try dropwire.startReady("deduplicate")
        #expect(try first.stop() == .exited(0))
        let state = dropwire.scratch.path("state/deduplicate/state.sqlite")
        let connection = try Connection(path: state)
        func bury(_ seq: UInt64) throws {
            try connection.statement(
                "INSERT INTO failure(stream, epoch, seq, time_ms, attempts, due_ms, is_dead, reason, rec) "
                    + "VALUES (?, 1, ?, 1, 5, 0, 1, 'it never works', ?)"
            ).bind(1, article.position.stream.description).bind(2, Int64(seq)).bind(3, article.bytes).run()
        }
        func count() throws -> Int64? { try connection.scalar("SELECT count(*) FROM failure") }
        for seq in [UInt64(71), 72, 73] { try bury(seq) }
        let list = try dropwire.run(["dead", "list"])
        #expect(list.output.contains("deduplicate  71  5 attempts  it never works"))
        #expect(list.output.contains(try #require(article.article?.title)))
        // Also while the worker is down.
        #expect(try dropwire.run(["dead", "discard", "deduplicate", "73"]).output == "discarded: 73\n")
        // The worker forgets it when it has put that among its results.
        #expect(try connection.scalar("SELECT count(*) FROM failure WHERE is_dead=1") == 2)
        let second = try dropwire.startReady("deduplicate")
        let retried = try dropwire.run(["dead", "retry", "deduplicate", "71", "--json"])
        #expect(try object(retried.output)["retried"] == .array([.integer(71)]), "\(retried.errorOutput)")
        try waitUntil("it is worked on again") { try count() == 1 }
        #expect(try connection.scalar("SELECT seq FROM failure") == 72)
        #expect(try second.stop() == .exited(0) && watch.stop() == .exited(0))
    }

    @Test func `the status service knows who reads each stream`() throws {
        let others = try ["status", "deduplicate", "index"].map { try dropwire.startReady($0) }
        struct Body: Decodable { var processes: [Heartbeat] }
        try waitUntil("each stream has been told") {
            let heartbeats = try dropwire.askStatus("PROCESSES", Body.self).processes
            let names = heartbeats.flatMap { $0.logs ?? [] }.map(\.name)
            return Set(names) == ["articles", "unique", "match", "results"]
        }
        _ = try publish(1...1)
        try waitUntil("the watcher has told who reads") {
            let logs = try dropwire.heartbeat(of: "watch")?.logs ?? []
            let names = logs.flatMap(\.consumers).filter { $0.seen != nil }.map(\.name)
            return Set(names).isSuperset(of: ["deduplicate", "index", "status"])
        }
        let table = try dropwire.run(["status"]).output
        #expect(table.contains("CONSUMER") && table.contains("holds retention"))
        #expect(try others.map { try $0.stop() } == others.map { _ in .exited(0) })
        #expect(try watch.stop() == .exited(0))
    }

    @Test func `consumers are listed with what waits for them, and forgotten`() throws {
        let records = try publish(1...2)
        _ = try log().request("COMMIT", json: LogRequests.commit(consumer: "mine\u{1b}[1m", after: 1))
        let list = try dropwire.run(["consumer", "list"])
        #expect(list.output.contains("mine\u{fffd}[1m") && !list.output.contains("\u{1b}"))
        let json = try object(dropwire.run(["consumer", "list", "--json"]).output)
        #expect(json["lag"] == .integer(Int64(records.count) - 1) && json["holds"] == .boolean(false))
        #expect(try dropwire.run(["consumer", "forget", "mine\u{1b}[1m"]).ending == .exited(0))
        #expect(try dropwire.run(["consumer", "forget", "mine\u{1b}[1m"]).ending == .exited(1))
        for wrong in [
            ["consumer"], ["consumer", "forget"], ["group", "reset", "a"], ["group", "burn", "a"],
            ["dead", "retry", "a"], ["dead", "retry", "a", "x"], ["dead", "list", "--all"], ["group", "list", "a"],
            ["tail", "--stream", "other"],
        ] {
            #expect(try dropwire.run(wrong).ending == .exited(64), "\(wrong)")
        }
        #expect(try watch.stop() == .exited(0))
    }
}
