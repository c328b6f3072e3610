import Articles
import DropwireClient
import Messaging
import Synchronization
import TestSupport
import Testing

/// Workers of the caller's against a real log and a status service that notes what it is told.
@Suite(.timeLimit(.minutes(2))) struct WorkerTests {
    let house: ServedLog
    let told = Told()
    let connection: DropwireClient.Connection

    init() throws {
        house = try ServedLog()
        connection = DropwireClient.Connection(log: [house.logAddress], status: [house.statusAddress])
    }

    struct Refused: Error, CustomStringConvertible { let description: String }

    func options(_ change: (inout WorkerOptions) -> Void = { _ in }) -> WorkerOptions {
        var options = WorkerOptions()
        options.stateDirectory = house.directory.path("state")
        options.retryDelay = .milliseconds(5)
        change(&options)
        return options
    }

    /// Runs a worker until a condition holds, and drains it.
    func run(
        _ worker: Worker, until what: String, _ condition: @escaping @Sendable () throws -> Bool
    ) async throws {
        async let running: Void = worker.run()
        try await waitElsewhere(what, condition)
        worker.drain()
        try await running
    }

    // MARK: Without memory

    @Test func `every article gets a result of the worker's kind, and the worker shows itself`() async throws {
        try house.appendArticles(0..<120)
        try house.append([#"{"v":1,"type":"kill","source":"test","uri":"u"}"#])
        let status = try told.service(house.context, house.statusAddress)
        defer { status.stop() }
        let withdrawn = Mutex<[String]>([])
        let worker = Worker(
            kind: "translate", connection: connection, options: options { $0.name = "translate-1" },
            withdrawn: { withdrawal in
                if case .kill(let kill) = withdrawal { withdrawn.withLock { $0.append(kill.uri) } }
            },
            work: { item in
                await Task.yield()
                return .ok(["title": .string(item.article.title ?? "")])
            })
        try await run(worker, until: "all is done and told") { [told] in
            told.results.count == 120 && told.value.heartbeats.contains { $0.numbers["done"] == 120 && $0.lag == 0 }
        }
        #expect(told.value.rows.count == 120)
        #expect(told.value.rows.allSatisfy { $0.kind == "translate" && $0.status == .ok && $0.attempt == 1 })
        #expect(told.results[7]?.data == ["title": "t6"])
        #expect(told.value.heartbeats.allSatisfy { $0.kind == "translate" && $0.name == "translate-1" })
        #expect(withdrawn.withLock { $0 } == ["u"])
    }

    @Test func `work that throws comes again, and is a dead letter in the end`() async throws {
        try house.appendArticles(0..<4)
        let status = try told.service(house.context, house.statusAddress)
        defer { status.stop() }
        let attempts = Mutex<[String: Int]>([:])
        let worker = Worker(kind: "geo", connection: connection, options: options { $0.maximumAttempts = 3 }) { item in
            let title = item.article.title ?? ""
            let attempt = attempts.withLock { attempts in
                attempts[title, default: 0] += 1
                return attempts[title]!
            }
            if title == "t1" && attempt == 1 || title == "t2" { throw Refused(description: "no map") }
            return title == "t3" ? .failed("not a place at all") : .ok()
        }
        try await run(worker, until: "each has its end") { [told] in
            told.results[2]?.status == .ok && told.results[3]?.data["dead"] == true && told.results[4] != nil
        }
        #expect(attempts.withLock { $0 } == ["t0": 1, "t1": 2, "t2": 3, "t3": 1])
        #expect(told.results[3]?.data["reason"] == "no map")
        #expect(told.results[4]?.status == .failed && told.results[4]?.data["dead"] == true)
    }

    @Test func `a task that is cancelled gives back what it has in hand, and another worker gets it`() async throws {
        try house.appendArticles(0..<3)
        let status = try told.service(house.context, house.statusAddress)
        defer { status.stop() }
        let hasBegun = Mutex(false)
        let slow = Worker(kind: "slow", connection: connection, options: options { $0.name = "slow-1" }) { _ in
            hasBegun.withLock { $0 = true }
            // Until it is cancelled.
            try await Task.sleep(for: .seconds(3600))
            return .ok()
        }
        let task = Task { try await slow.run() }
        try await waitElsewhere("it is at work") { hasBegun.withLock { $0 } }
        task.cancel()
        try await task.value
        #expect(told.value.rows.isEmpty)
        let quick = Worker(kind: "slow", connection: connection, options: options { $0.name = "slow-2" }) { _ in .ok() }
        try await run(quick, until: "the other one has done all") { [told] in told.results.count == 3 }
        #expect(told.value.rows.allSatisfy { $0.attempt == 1 && $0.status == .ok })
    }

    @Test func `a name is worked under once`() async throws {
        let first = Worker(kind: "twice", connection: connection, options: options()) { _ in .ok() }
        let second = Worker(kind: "twice", connection: connection, options: options()) { _ in .ok() }
        async let running: Void = first.run()
        let lock = house.directory.path("state/twice.lock")
        let directory = house.directory
        try await waitElsewhere("the first one runs") { directory.exists("state/twice-owner") }
        await #expect(throws: WorkerError.nameTaken(lock)) { try await second.run() }
        first.drain()
        try await running
    }

    @Test func `a worker that was drained before it ran does nothing`() async throws {
        let worker = Worker(kind: "early", connection: connection, options: options()) { _ in .ok() }
        worker.drain()
        try await worker.run()
    }

    // MARK: With a memory of its own

    @Test func `what a worker remembers stands and falls with its article`() async throws {
        try house.appendArticles(0..<50)
        let status = try told.service(house.context, house.statusAddress)
        defer { status.stop() }
        let failures = Mutex(0)
        func worker() -> Worker {
            Worker(kind: "tally", connection: connection, options: options()) { item, memory in
                let count = (try memory.value("count")?.integerValue ?? 0) + 1
                try memory.set("count", to: .integer(count))
                try memory.set("seen \(item.position.seq)", to: ["title": .string(item.article.title ?? "")])
                let isRefused = failures.withLock { failures in
                    failures += item.article.title == "t7" ? 1 : 0
                    return item.article.title == "t7" && failures < 3
                }
                if isRefused { throw Refused(description: "not now") }
                let names = try memory.names(beginningWith: "seen ").count
                return .ok(["count": .integer(count), "names": .integer(Int64(names))])
            }
        }
        try await run(worker(), until: "all have a result") { [told] in
            told.results.count == 50 && told.results.values.allSatisfy { $0.status == .ok }
        }
        // The failed attempts left nothing: the last one to come made it fifty.
        #expect(told.results[8]?.data["count"] == 50 || told.results.values.contains { $0.data["count"] == 50 })
        #expect(told.results.values.map { $0.data["count"]!.integerValue! }.sorted() == Array(1...50))
        try house.appendArticles(50..<60)
        try await run(worker(), until: "the next run goes on") { [told] in told.results.count == 60 }
        #expect(told.results.values.map { $0.data["count"]!.integerValue! }.max() == 60)
        #expect(told.results[60]?.data["names"] == 60)
    }
}
