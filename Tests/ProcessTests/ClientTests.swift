import Articles
import FoundationEssentials
import Glibc
import Linux
import Messaging
import TestSupport
import Testing

/// Programs on the client library, built as they stand in its documentation and the README, with a real watcher and a real
/// status service.
@Suite struct ClientTests {
    private let dropwire: Installation

    init() throws { dropwire = try Installation() }

    /// Starts an example, which keeps its files in `home` of the scratch directory.
    private func start(
        _ example: String, _ arguments: [String] = [], home: String = "home", launcher: [String] = []
    ) throws -> TestedProcess {
        let run = dropwire.scratch.path("run")
        return try TestedProcess(
            name: example, command: launcher + ["\(BuiltProgram.folder)/dropwire-example-\(example)"] + arguments,
            environment: [
                "DROPWIRE_LOG": "ipc://\(run)/watch-log.sock", "DROPWIRE_STATUS": "ipc://\(run)/status/report.sock",
                "XDG_STATE_HOME": dropwire.scratch.path(home),
            ])
    }

    private struct Summary: Decodable {
        struct Results: Decodable {
            var ok: Int
            var failed: Int
            var skipped: Int
        }
        var results: [String: Results]
    }

    private func results(_ kind: String) throws -> Summary.Results? {
        try dropwire.askStatus("SUMMARY", Summary.self).results[kind]
    }

    @Test func `the stream's example prints every article`() throws {
        let watch = try dropwire.startReady("watch")
        // Whatever is printed comes at the end of its line, also through a pipe.
        let follow = try start("follow", launcher: ["/usr/bin/stdbuf", "-oL"])
        for number in 0..<20 { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
        try waitUntil("it has printed all") { (0..<20).allSatisfy { follow.output.contains(Sample.title($0) + "\n") } }
        #expect(follow.output.split(separator: "\n").count == 20)
        #expect(try follow.kill() == .killed(signal: SIGKILL))
        #expect(try watch.stop() == .exited(0))
    }

    @Test func `the worker of the README shows itself, finds places, and drains at SIGTERM`() throws {
        let status = try dropwire.startReady("status")
        let watch = try dropwire.startReady("watch")
        let places = try start("places")
        try dropwire.drop("Ferry to Oslo\n\nIt left Lisbon on time.\n", as: "a.txt")
        try dropwire.drop("Nothing anywhere\n\nNobody went.\n", as: "b.txt")
        try waitUntil("both are reported") {
            guard let found = try results("places") else { return false }
            return found.ok == 1 && found.skipped == 1
        }
        let told = try dropwire.records(of: "status").compactMap(\.result)
        let result = try #require(told.first { $0.kind == "places" && $0.status == .ok })
        let expected: JSONValue = ["places": ["Lisbon": [38.72, -9.14], "Oslo": [59.91, 10.75]]]
        #expect(result.data == expected)
        try waitUntil("its heartbeat says that nothing waits") {
            let heartbeat = try dropwire.heartbeat(of: "places")
            return heartbeat?.kind == "places" && heartbeat?.lag == 0 && heartbeat?.numbers["done"] == 2
        }
        #expect(try places.stop() == .exited(0), "\(places.errorOutput)")
        #expect(try watch.stop() == .exited(0))
        #expect(try status.stop() == .exited(0))
    }

    @Test func `workers that share their work are killed, and every article has one result`() throws {
        let status = try dropwire.startReady("status")
        let watch = try dropwire.startReady("watch")
        let homes = ["one", "two"]
        var workers = try homes.map { try start("places", home: $0) }
        let producer = Producer(dropwire)
        let count = 400
        try producer.run {
            for step in 1...8 {
                producer.allow(count * step / 8)
                try waitUntil("there are results of step \(step)") {
                    try (results("places")?.skipped ?? 0) > count * (step - 1) / 8
                }
                let victim = step % 2
                #expect(try workers[victim].kill() == .killed(signal: SIGKILL), "\(workers[victim].errorOutput)")
                workers[victim] = try start("places", home: homes[victim])
            }
        }
        try waitUntil("all are done", within: .seconds(60)) { try results("places")?.skipped == count }
        let told = try dropwire.records(of: "status").compactMap(\.result).filter { $0.kind == "places" }
        #expect(told.filter { $0.status == .skipped }.count == count)
        #expect(Set(told.filter { $0.status == .skipped }.map(\.seq)).count == count)
        for worker in workers { #expect(try worker.stop() == .exited(0), "\(worker.errorOutput)") }
        #expect(try watch.stop() == .exited(0))
        #expect(try status.stop() == .exited(0))
    }

    @Test func `a store of the caller's has every article once, though it and the servers are killed`() throws {
        var status = try dropwire.startReady("status")
        var watch = try dropwire.startReady("watch")
        let file = dropwire.scratch.path("tally.json")
        var tally = try start("tally", [file])
        func counted() -> Int {
            struct Tally: Decodable { var articles: [String: Int] }
            guard let bytes = dropwire.scratch.read("tally.json") else { return 0 }
            return (try? JSONDecoder().decode(Tally.self, from: Data(bytes)))?.articles["desk"] ?? 0
        }
        let producer = Producer(dropwire)
        let count = 600
        try producer.run {
            for step in 1...10 {
                producer.allow(count * step / 10)
                try waitUntil("some of step \(step) are counted") { counted() > count * (step - 1) / 10 + 5 }
                #expect(try tally.kill() == .killed(signal: SIGKILL), "\(tally.errorOutput)")
                if step == 4 {
                    #expect(try watch.kill() == .killed(signal: SIGKILL))
                    watch = try dropwire.startReady("watch")
                }
                if step == 7 {
                    #expect(try status.kill() == .killed(signal: SIGKILL))
                    status = try dropwire.startReady("status")
                }
                tally = try start("tally", [file])
            }
        }
        try waitUntil("all are counted and reported", within: .seconds(60)) {
            guard counted() >= count, let found = try results("tally") else { return false }
            return found.ok >= count
        }
        #expect(counted() == count)
        // Each was counted at its turn, once: the counts that were reported are all numbers up to the last.
        let told = try dropwire.records(of: "status").compactMap(\.result).filter { $0.kind == "tally" }
        #expect(told.map { $0.data["count"]?.integerValue ?? 0 }.sorted() == Array(1...Int64(count)))
        #expect(told.allSatisfy { $0.status == .ok })
        #expect(try tally.stop() == .exited(0), "\(tally.errorOutput)")
        #expect(try watch.stop() == .exited(0))
        #expect(try status.stop() == .exited(0))
    }

    // MARK: What is shown is what is built

    private func text(_ path: String) throws -> String {
        try String(contentsOf: URL(filePath: "\(BuiltProgram.sourceRoot)/\(path)"), encoding: .utf8)
    }

    private static let catalog = "Sources/DropwireClient/DropwireClient.docc"

    @Test func `README and articles show the examples as they are built`() throws {
        let readMe = try text("README.md")
        for example in ["package.swift", "places.swift"] {
            #expect(readMe.contains("```swift\n\(try text("\(Self.catalog)/Resources/\(example)"))```"), "\(example)")
        }
        let article = try text("\(Self.catalog)/WritingAWorker.md")
        #expect(article.contains("```swift\n\(try text("\(Self.catalog)/Resources/tally.swift"))```"))
    }

    @Test func `the tutorial has no step that is not built`() throws {
        let tutorial = try text("\(Self.catalog)/YourFirstWorker.tutorial")
        let steps = Set(tutorial.matches(of: /file: "([^"]*)"/).map { String($0.output.1) })
        let built = ["follow", "places-begun", "places"].filter {
            access("\(BuiltProgram.folder)/dropwire-example-\($0)", X_OK) == 0
        }
        #expect(steps == Set(built.map { "\($0).swift" } + ["package.swift"]))
    }
}
