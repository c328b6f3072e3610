import Articles
import Glibc
import Linux
import Messaging
import SQLite
import TestSupport
import Testing

/// The consumers of the README in Python, run as they stand there.
@Suite(.enabled(if: Python.hasZeroMQ, "\(Python.path) has no zmq: install python3-zmq"))
struct ReadMeTests {
    @Test func `the reliable consumer has every article once, though it and the watcher are killed`() throws {
        let script = try Python.block(containing: "sqlite3")
        let dropwire = try Installation()
        try dropwire.scratch.write(script, to: "consumer.py")
        let database = dropwire.scratch.path("articles.sqlite")
        let environment = ["DROPWIRE_LOG": "ipc://\(dropwire.scratch.path("run"))/watch-log.sock"]
        func startConsumer() throws -> TestedProcess {
            try TestedProcess(
                name: "the consumer", command: [Python.path, dropwire.scratch.path("consumer.py"), database],
                environment: environment)
        }
        var watch = try dropwire.startReady("watch")
        var consumer = try startConsumer()
        let producer = Producer(dropwire)
        let count = 600
        try producer.run {
            for step in 1...6 {
                producer.allow(count * step / 6)
                // In the middle of the step's articles, wherever it is with them.
                try waitUntil("the consumer has some of step \(step)") {
                    ReadMeTests.count(database) > count * (step - 1) / 6 + 20
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
        try waitUntil("the consumer has all") { ReadMeTests.count(database) >= count }
        let connection = try Connection(path: database, mode: .readOnly)
        var rows: [(seq: Int64, id: String, title: String)] = []
        try connection.statement("SELECT seq, id, title FROM article ORDER BY seq").forEachRow {
            rows.append(($0.int64(0), $0.string(1), $0.string(2)))
        }
        let articles = try dropwire.records().filter { $0.article != nil }
        #expect(articles.count == count)
        #expect(rows.map(\.seq) == articles.map { Int64($0.position.seq) })
        #expect(rows.map(\.id) == articles.map { $0.article!.id.description })
        #expect(Set(rows.map(\.title)) == Set((0..<count).map(Sample.title)))
        // It did not end by itself on the way.
        #expect(try consumer.kill() == .killed(signal: SIGKILL), "\(consumer.errorOutput)")
        #expect(try watch.stop() == .exited(0))
    }

    @Test func `the casual consumer prints what comes`() throws {
        let script = try Python.block(containing: "zmq.SUB")
        let dropwire = try Installation()
        try dropwire.scratch.write(script, to: "casual.py")
        let watch = try dropwire.startReady("watch")
        let consumer = try TestedProcess(
            name: "the consumer", command: [Python.path, dropwire.scratch.path("casual.py")],
            environment: ["DROPWIRE_FEED": "ipc://\(dropwire.scratch.path("run"))/watch-feed.sock"])
        // What comes before it has joined is not for it.
        var number = 0
        try waitUntil("it has joined") {
            try dropwire.drop(Sample.article(number), as: "\(number).txt")
            _ = try dropwire.fileRecord(of: "\(number).txt")
            number += 1
            return !consumer.output.isEmpty
        }
        let next = number..<number + 20
        for number in next { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
        try waitUntil("it has printed all") { next.allSatisfy { consumer.output.contains(Sample.title($0) + "\n") } }
        #expect(try consumer.kill() == .killed(signal: SIGKILL), "\(consumer.errorOutput)")
        #expect(try watch.stop() == .exited(0))
    }

    private static func count(_ database: String) -> Int {
        guard access(database, R_OK) == 0 else { return 0 }
        // Its tables may not be there yet, or it may be writing just now.
        return Int((try? Connection(path: database, mode: .readOnly).scalar("SELECT count(*) FROM article")) ?? 0)
    }
}

/// Debian's Python and the README's code for it.
enum Python {
    /// Not that of PATH: `python3-zmq` is a package for this one.
    static let path = "/usr/bin/python3"

    /// It can be run, and has ZeroMQ.
    static let hasZeroMQ: Bool = {
        let child = try? ChildProcess(path: path, arguments: ["-c", "import zmq"], output: .null, errorOutput: .null)
        return child?.wait() == .exited(0)
    }()

    /// Returns the README's block of Python that has some words.
    static func block(containing words: String) throws -> String {
        let file = try Directory(path: BuiltProgram.sourceRoot).open(RelativePath("README.md"))
        let text = String(decoding: try file.readAll(expected: 64 << 10, limit: 1 << 20), as: UTF8.self)
        let blocks = text.matches(of: /```python\n((?:.|\n)*?)```/).map { String($0.output.1) }
        guard let block = blocks.first(where: { $0.contains(words) }) else {
            throw Trouble("README.md has no block of Python with '\(words)'")
        }
        return block
    }
}
