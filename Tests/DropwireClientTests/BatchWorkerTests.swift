import Articles
import DropwireClient
import Messaging
import Synchronization
import TestSupport
import Testing

/// Workers whose effects are in a store of the caller's.
@Suite(.timeLimit(.minutes(2))) struct BatchWorkerTests {
    let house: ServedLog
    let told = Told()
    let connection: DropwireClient.Connection
    let store: CallersStore

    init() throws {
        house = try ServedLog()
        connection = DropwireClient.Connection(log: [house.logAddress], status: [house.statusAddress])
        store = try CallersStore(house.directory.path("store.sqlite"))
    }

    struct Refused: Error, CustomStringConvertible { let description: String }

    func worker(
        _ change: (inout WorkerOptions) -> Void = { _ in },
        apply: @escaping @Sendable (WorkBatch, CallersStore) async throws -> Void = { batch, store in
            try store.apply(batch) { .ok(["title": .string($0.article.title ?? "")]) }
        }
    ) -> Worker {
        var options = WorkerOptions()
        options.stateDirectory = house.directory.path("state")
        options.retryDelay = .milliseconds(2)
        options.maximumRecords = 40
        change(&options)
        return Worker(
            kind: "archive", connection: connection, options: options,
            resumingAt: { [store] in try store.checkpoint() }, apply: { [store] in try await apply($0, store) })
    }

    func run(_ worker: Worker, until what: String, _ condition: @escaping @Sendable () throws -> Bool) async throws {
        async let running: Void = worker.run()
        try await waitElsewhere(what, condition)
        worker.drain()
        try await running
    }

    func titles(_ range: Range<Int>) -> [String] { range.map { "t\($0)" } }

    @Test func `each article has its effect and its result once, over runs and while the status service is away`()
        async throws
    {
        try house.appendArticles(0..<300)
        // Nobody is told yet: what is applied is not lost to whoever comes later.
        try await run(worker(), until: "the first are applied") { [store] in try store.titles().count >= 120 }
        #expect(told.value.rows.isEmpty)
        let status = try told.service(house.context, house.statusAddress)
        defer { status.stop() }
        try await run(worker(), until: "all are applied and told") { [store, told] in
            try store.titles().count == 300 && told.results.count == 300
        }
        try house.appendArticles(300..<310)
        try await run(worker(), until: "the next are, too") { [told] in
            told.results.count == 310 && told.value.heartbeats.last?.numbers["outbox"] == 0
        }
        #expect(try store.titles() == titles(0..<310))
        #expect(told.results.allSatisfy { $0.value.data == ["title": .string("t\($0.key - 1)")] })
        #expect(told.results.values.allSatisfy { $0.kind == "archive" })
        #expect(told.value.heartbeats.last?.lag == 0)
    }

    @Test func `one bad article fails alone`() async throws {
        try house.appendArticles(0..<60)
        let status = try told.service(house.context, house.statusAddress)
        defer { status.stop() }
        let worker = worker({ $0.maximumAttempts = 3 }) { batch, store in
            try store.apply(batch) { item in
                if item.article.title == "t13" { throw Refused(description: "unlucky") }
                return .ok()
            }
        }
        try await run(worker, until: "all the others are applied") { [told] in told.results.count == 60 }
        #expect(try store.titles() == titles(0..<60).filter { $0 != "t13" })
        #expect(told.results[14]?.status == .failed && told.results[14]?.data["reason"] == "unlucky")
        #expect(told.results.values.filter { $0.status == .ok }.count == 59)
    }

    @Test func `a store that is away makes no dead letters`() async throws {
        try house.appendArticles(0..<30)
        let status = try told.service(house.context, house.statusAddress)
        defer { status.stop() }
        let refusals = Mutex(0)
        let worker = worker({ $0.maximumAttempts = 2 }) { batch, store in
            let number = refusals.withLock { refusals in
                refusals += 1
                return refusals
            }
            if number < 12 { throw Refused(description: "the disk is full") }
            try store.apply(batch) { _ in .ok() }
        }
        try await run(worker, until: "all is applied") { [told] in told.results.count == 30 }
        #expect(try store.titles() == titles(0..<30))
        #expect(told.value.rows.allSatisfy { $0.status == .ok })
        #expect(told.value.heartbeats.contains { $0.trouble == "the disk is full" } || refusals.withLock { $0 } >= 12)
    }

    @Test func `a record that is no article is told as failed, and what reports nothing has no result`() async throws {
        try house.append([#"{"v":1,"type":"article","title":"half"}"#])
        try house.appendArticles(1..<3)
        let status = try told.service(house.context, house.statusAddress)
        defer { status.stop() }
        let worker = worker(apply: { batch, store in
            try store.apply(batch) { $0.article.title == "t1" ? .skipped("dull") : nil }
        })
        try await run(worker, until: "all is applied") { [store, told] in
            try store.titles() == ["t1", "t2"] && told.results.count == 2
        }
        #expect(told.results[1]?.status == .failed && told.results[2]?.data == ["reason": "dull"])
    }

    @Test func `a batch whose checkpoint was not taken ends the run`() async throws {
        try house.appendArticles(0..<3)
        let worker = worker(apply: { batch, _ in
            _ = batch.checkpoint
            batch.report(.ok(), on: batch.articles[0])
        })
        await #expect(throws: WorkerError.checkpointNotTaken) { try await worker.run() }
    }

    @Test func `records that retention took end the run, or are left behind by who says so`() async throws {
        try house.appendArticles(0..<10)
        try await run(worker(), until: "all are applied") { [store] in try store.titles().count == 10 }
        try house.appendArticles(10..<20)
        try house.trim(upTo: 14)
        let error = await #expect(throws: WorkerError.self) { try await worker().run() }
        guard case .stream(.gap(let gap))? = error else { throw Trouble("\(error as Any)") }
        #expect(gap.firstLost == 11 && gap.lastLost == 14)
        try await run(worker { $0.onLoss = .goOn }, until: "the rest is applied") { [store] in
            try store.titles().count == 16
        }
        #expect(try store.titles() == titles(0..<10) + titles(14..<20))
    }

    @Test func `what waits to be reported of an erased article loses its words`() async throws {
        let id = try #require(try JSONReader.read(Array(ServedLog.article("t1").utf8))["id"]?.stringValue)
        try house.appendArticles(0..<3)
        try await run(worker(), until: "all are applied") { [store] in try store.titles().count == 3 }
        let erased = #""cause":"operator","reason":"r","erased":"2026-01-01T00:00:00Z","seqs":[2]"#
        try house.append([#"{"v":1,"type":"gone","id":"\#(id)",\#(erased)}"#])
        try await run(worker(), until: "the erasure is applied") { [store] in
            try store.checkpoint()?.cursor.seq == 4
        }
        let status = try told.service(house.context, house.statusAddress)
        defer { status.stop() }
        try await run(worker(), until: "all is told") { [told] in told.results.count == 3 }
        #expect(told.results[2]?.data == [:])
        #expect(told.results[1]?.data == ["title": "t0"])
    }
}
