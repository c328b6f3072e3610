import Articles
import FoundationEssentials
import Glibc
import Linux
import Messaging
import SQLite
import TestSupport
import Testing

/// The consumers of README and documentation in other languages, run as they stand there.
@Suite(.enabled(if: PublishedProgram.hasZeroMQ, "\(PublishedProgram.python) has no zmq: install python3-zmq"))
struct ConsumerTests {
    // MARK: Reliable

    @Test(arguments: [
        PublishedProgram(page: .readMe, name: "reliable"),
        PublishedProgram(page: .consumers, name: "python-complete"),
        PublishedProgram(page: .consumers, name: "c-reliable"),
    ])
    func `a reliable consumer has every article once, though it and the watcher are killed`(
        program: PublishedProgram
    ) throws {
        let dropwire = try Installation()
        let command = try program.command(in: dropwire.scratch)
        let database = dropwire.scratch.path("articles.sqlite")
        func startConsumer() throws -> TestedProcess { try dropwire.startConsumer(command + [database]) }
        var watch = try dropwire.startReady("watch")
        var consumer = try startConsumer()
        let producer = Producer(dropwire)
        let count = 600
        try producer.run {
            for step in 1...6 {
                producer.allow(count * step / 6)
                // In the middle of the step's articles, wherever it is with them.
                try waitUntil("the consumer has some of step \(step)") {
                    ConsumerTests.count("article", database) > count * (step - 1) / 6 + 20
                }
                if step == 3 {
                    #expect(try watch.kill() == .killed(signal: SIGKILL))
                    watch = try dropwire.startReady("watch")
                } else if step < 6 {
                    #expect(try consumer.kill() == .killed(signal: SIGKILL), "\(consumer.errorOutput)")
                    consumer = try startConsumer()
                }
            }
        }
        try waitUntil("the consumer has all") { ConsumerTests.count("article", database) >= count }
        #expect(try rows(of: database) == articles(on: dropwire))
        #expect(try articles(on: dropwire).count == count)
        // It did not end by itself on the way.
        #expect(try consumer.kill() == .killed(signal: SIGKILL), "\(consumer.errorOutput)")
        #expect(try watch.stop() == .exited(0))
    }

    @Test func `the complete consumer hides what is killed and removes what is erased`() throws {
        let dropwire = try Installation()
        let command = try PublishedProgram(page: .consumers, name: "python-complete").command(in: dropwire.scratch)
        let database = dropwire.scratch.path("articles.sqlite")
        let watch = try dropwire.startReady("watch")
        let consumer = try dropwire.startConsumer(command + [database])
        for number in 0..<6 { try dropwire.drop(ConsumerTests.ninjs(number), as: "\(number).json") }
        try waitUntil("the consumer has all") { ConsumerTests.count("article", database) == 6 }
        #expect(try dropwire.run(["kill", "desk", "urn:report:1"]).ending == .exited(0))
        #expect(try dropwire.run(["erase", "desk", "urn:report:2", "--reason", "asked"]).ending == .exited(0))
        let id = try #require(try articles(on: dropwire).first { $0.title == "Report 3" }?.id)
        #expect(try dropwire.run(["erase", id, "--reason", "asked"]).ending == .exited(0))
        try waitUntil("it shows what is left") { ConsumerTests.count("shown", database) == 3 }
        #expect(try rows(of: database, "shown").map(\.title) == ["Report 0", "Report 4", "Report 5"])
        // What is killed is hidden, what is erased is away.
        #expect(try rows(of: database).map(\.title) == ["Report 0", "Report 1", "Report 4", "Report 5"])
        // One that begins now meets them in their places and comes to the same.
        let late = try dropwire.startConsumer(command + [dropwire.scratch.path("late.sqlite")])
        let lateDatabase = dropwire.scratch.path("late.sqlite")
        try waitUntil("the late one has read all") { ConsumerTests.count("shown", lateDatabase) == 3 }
        #expect(try rows(of: lateDatabase, "shown") == rows(of: database, "shown"))
        for process in [consumer, late] { #expect(try process.kill() == .killed(signal: SIGKILL)) }
        #expect(try watch.stop() == .exited(0))
    }

    @Test func `the complete consumer follows a log that was put back, and says what retention took`() throws {
        let dropwire = try Installation()
        let command = try PublishedProgram(page: .consumers, name: "python-complete").command(in: dropwire.scratch)
        let database = dropwire.scratch.path("articles.sqlite")
        let log = dropwire.scratch.path("state/watch/log.sqlite")
        /// Lets the watcher publish articles and the consumer read them, then ends the watcher and kills the consumer.
        func publish(_ numbers: Range<Int>) throws {
            let watch = try dropwire.startReady("watch")
            for number in numbers { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
            let consumer = try dropwire.startConsumer(command + [database])
            try waitUntil("the consumer has what the log has") {
                ConsumerTests.last(database) == Sample.title(numbers.upperBound - 1)
            }
            #expect(try rows(of: database) == articles(on: dropwire))
            #expect(try consumer.kill() == .killed(signal: SIGKILL), "\(consumer.errorOutput)")
            #expect(try watch.stop() == .exited(0))
        }
        // One at a time: the order on the log is that of the numbers.
        for number in 0..<3 { try publish(number..<number + 1) }
        let copy = try #require(dropwire.scratch.read("state/watch/log.sqlite"))
        for number in 3..<6 { try publish(number..<number + 1) }
        // The operator puts the copy back. Without a word to the log, its readers stop.
        try dropwire.scratch.write(copy, to: "state/watch/log.sqlite")
        let watch = try dropwire.startReady("watch")
        let consumer = try dropwire.startConsumer(command + [database])
        #expect(try consumer.waitUntilEnded() == .exited(1))
        #expect(consumer.errorOutput.contains("AHEAD"), "\(consumer.errorOutput)")
        #expect(try watch.stop() == .exited(0))
        #expect(try dropwire.run(["log", "bump-epoch"]).ending == .exited(0))
        try publish(10..<11)
        #expect(try rows(of: database).map(\.title) == [0, 1, 2, 10].map(Sample.title))

        // What it has not read is taken by retention.
        let second = try dropwire.startReady("watch")
        for number in 20..<24 {
            try dropwire.drop(Sample.article(number), as: "\(number).txt")
            _ = try dropwire.fileRecord(of: "\(number).txt")
        }
        let last = try #require(try articles(on: dropwire).last { $0.title == Sample.title(21) }?.seq)
        #expect(try second.stop() == .exited(0))
        try Connection(path: log).execute("DELETE FROM log WHERE seq <= \(last)")
        let third = try dropwire.startReady("watch")
        let reader = try dropwire.startConsumer(command + [database])
        try waitUntil("it has what is left") { ConsumerTests.last(database) == Sample.title(23) }
        #expect(try rows(of: database).map(\.title) == [0, 1, 2, 10, 22, 23].map(Sample.title))
        #expect(reader.errorOutput.hasSuffix(" to \(last)\n") && reader.errorOutput.hasPrefix("lost: "))
        #expect(try reader.kill() == .killed(signal: SIGKILL))
        #expect(try third.stop() == .exited(0))
    }

    // MARK: Casual

    @Test(arguments: [
        PublishedProgram(page: .readMe, name: "casual"), PublishedProgram(page: .consumers, name: "c-casual"),
        PublishedProgram(page: .consumers, name: "shell"),
    ])
    func `a casual consumer prints what comes, also after it was killed`(program: PublishedProgram) throws {
        let dropwire = try Installation()
        let command = try program.command(in: dropwire.scratch)
        let watch = try dropwire.startReady("watch")
        var number = 0
        for _ in 0..<2 {
            let consumer = try dropwire.startConsumer(command)
            // What comes before it has joined is not for it.
            try waitUntil("it has joined", within: .seconds(60)) {
                try dropwire.drop(Sample.article(number), as: "\(number).txt")
                _ = try dropwire.fileRecord(of: "\(number).txt")
                number += 1
                return !consumer.output.isEmpty
            }
            let next = number..<number + 20
            number = next.upperBound
            for number in next { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
            try waitUntil("it has printed all") { next.allSatisfy { consumer.output.contains(Sample.title($0)) } }
            for number in next {
                #expect(consumer.output.ranges(of: Sample.title(number)).count == 1, "\(consumer.output)")
            }
            // A shell's pipe is a group of processes.
            kill(-consumer.identifier, SIGKILL)
            #expect(try consumer.waitUntilEnded() == .killed(signal: SIGKILL), "\(consumer.errorOutput)")
        }
        #expect(try watch.stop() == .exited(0))
    }

    // MARK: Shared work

    @Test func `workers that share articles do each once, though they and the watcher are killed`() throws {
        let dropwire = try Installation()
        let program = try PublishedProgram(page: .consumers, name: "python-shared").command(in: dropwire.scratch)
        let database = dropwire.scratch.path("work.sqlite")
        func startWorker(_ name: String) throws -> TestedProcess {
            try dropwire.startConsumer(
                program + [database, name, "/bin/sh", "-c", "exec jq -j .title"], ["LEASE_MS": "2000"])
        }
        var watch = try dropwire.startReady("watch")
        var workers = try ["one": startWorker("one"), "two": startWorker("two")]
        let producer = Producer(dropwire)
        let count = 300
        try producer.run {
            for (step, name) in ["one", "two", "watch", "two", "one"].enumerated() {
                producer.allow(count * (step + 1) / 5)
                try waitUntil("they have some of step \(step)", within: .seconds(60)) {
                    ConsumerTests.count("result", database) > count * step / 5 + 10
                }
                if name == "watch" {
                    #expect(try watch.kill() == .killed(signal: SIGKILL))
                    watch = try dropwire.startReady("watch")
                } else {
                    let worker = workers[name]!
                    #expect(try worker.kill() == .killed(signal: SIGKILL), "\(worker.errorOutput)")
                    workers[name] = try startWorker(name)
                }
            }
        }
        try waitUntil("everything is done", within: .seconds(60)) {
            try ConsumerTests.count("result", database) == count && dropwire.group("example").isDone
        }
        let results = try rows(of: database, "result", columns: "seq, '', output")
        #expect(try results.map(\.title) == articles(on: dropwire).map(\.title))
        #expect(try results.map(\.seq) == articles(on: dropwire).map(\.seq))
        #expect(results.count == count)
        #expect(try dropwire.group("example").dead == [])
        for worker in workers.values { #expect(try worker.kill() == .killed(signal: SIGKILL), "\(worker.errorOutput)") }
        #expect(try watch.stop() == .exited(0))
    }

    @Test func `work that is longer than its lease is done once, and what fails ends among the dead`() throws {
        let dropwire = try Installation()
        let program = try PublishedProgram(page: .consumers, name: "python-shared").command(in: dropwire.scratch)
        let watch = try dropwire.startReady("watch")
        for number in 0..<3 {
            try dropwire.drop(Sample.article(number), as: "\(number).txt")
            _ = try dropwire.fileRecord(of: "\(number).txt")
        }
        // The second takes three leases, the third fails.
        let work = """
            title=$(jq -r .title); echo "$title" >> \(dropwire.scratch.path("begun"))
            case "$title" in "Report 1 "*) sleep 3;; "Report 2 "*) echo "no quay" >&2; exit 1;; esac; echo "$title"
            """
        let workers = try ["one", "two"].map { name in
            try dropwire.startConsumer(
                program + [dropwire.scratch.path("\(name).sqlite"), name, "/bin/sh", "-c", work], ["LEASE_MS": "1000"])
        }
        try waitUntil("everything is done", within: .seconds(60)) {
            // There is no group before somebody claims.
            (try? dropwire.group("example").isDone) == true
        }
        let begun = String(decoding: dropwire.scratch.read("begun") ?? [], as: UTF8.self).split(separator: "\n")
        #expect(begun.count { $0.hasPrefix("Report 0 ") } == 1)
        #expect(begun.count { $0.hasPrefix("Report 1 ") } == 1)
        #expect(begun.count { $0.hasPrefix("Report 2 ") } == 5)
        #expect(try dropwire.group("example").dead == ["no quay\n"])
        for worker in workers { #expect(try worker.kill() == .killed(signal: SIGKILL), "\(worker.errorOutput)") }
        #expect(try watch.stop() == .exited(0))
    }

    // MARK: What they have

    private struct Row: Equatable {
        let seq: UInt64
        let id: String
        let title: String
    }

    private static func ninjs(_ number: Int) -> String {
        """
        {"uri": "urn:report:\(number)", "pubstatus": "usable", "type": "text", "language": "en",
         "headline": "Report \(number)", "body_text": "What happened on quay \(number) that morning is told at length."}
        """
    }

    /// The articles as they stand on the log.
    private func articles(on dropwire: Installation) throws -> [Row] {
        try dropwire.records().compactMap { entry in
            entry.article.map { Row(seq: entry.position.seq, id: $0.id.description, title: $0.title ?? "") }
        }
    }

    private func rows(
        of database: String, _ table: String = "article", columns: String = "seq, id, title"
    ) throws -> [Row] {
        guard access(database, R_OK) == 0 else { return [] }
        var rows: [Row] = []
        try Connection(path: database, mode: .readOnly).statement("SELECT \(columns) FROM \(table) ORDER BY seq")
            .forEachRow { rows.append(Row(seq: UInt64($0.int64(0)), id: $0.string(1), title: $0.string(2))) }
        return rows
    }

    /// The title of the last article; nil where there is none yet, or where the database is in use just now.
    private static func last(_ database: String) -> String? {
        guard access(database, R_OK) == 0, let connection = try? Connection(path: database, mode: .readOnly) else {
            return nil
        }
        var title: String?
        try? connection.statement("SELECT title FROM article ORDER BY seq DESC LIMIT 1").forEachRow {
            title = $0.string(0)
        }
        return title
    }

    private static func count(_ table: String, _ database: String) -> Int {
        guard access(database, R_OK) == 0 else { return 0 }
        // Its tables may not be there yet, or it may be writing just now.
        return Int((try? Connection(path: database, mode: .readOnly).scalar("SELECT count(*) FROM \(table)")) ?? 0)
    }
}

extension Installation {
    /// Starts somebody's consumer of the articles, which finds the sockets in its environment.
    func startConsumer(_ command: [String], _ environment: [String: String] = [:]) throws -> TestedProcess {
        let run = scratch.path("run")
        return try TestedProcess(
            name: "the consumer", command: command,
            environment: environment.merging([
                "DROPWIRE_LOG": "ipc://\(run)/watch-log.sock", "DROPWIRE_FEED": "ipc://\(run)/watch-feed.sock",
                "DROPWIRE_CONFIG": configurationPath, "PATH": "\(BuiltProgram.folder):/usr/bin:/bin",
            ]) { own, _ in own })
    }

    /// What the watcher's log says of a group.
    func group(_ name: String) throws -> GroupState {
        let client = CommandClient(context: context, endpoints: ["ipc://\(scratch.path("run"))/watch-log.sock"])
        return try client.request("GROUP", json: Array(#"{"group":"\#(name)"}"#.utf8), deadline: .seconds(20))
            .decode(GroupState.self)
    }

    /// A group of workers that share articles.
    struct GroupState: Decodable {
        private struct Letter: Decodable { var reason: String }
        private var floor: UInt64
        private var head: UInt64
        private var letters: [Letter]

        /// Nothing is left to do.
        var isDone: Bool { floor == head && head > 0 }
        /// Why records are among the dead letters.
        var dead: [String] { letters.map(\.reason) }

        private enum CodingKeys: String, CodingKey {
            case floor, head
            case letters = "dead"
        }
    }
}
