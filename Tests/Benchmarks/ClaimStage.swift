import Articles
import Linux
import Messaging
import ZeroMQ

/// CLAIM of a hundred records and DONE for them, again and again, as workers do: by one owner, by four at once, and beside
/// a backlog of leases that others hold.
enum ClaimStage: Stage {
    static let name = "claim"

    private static let batch = 100

    static func run(in workspace: Workspace) throws -> [Row] {
        let count = 20_000
        let bodies = workspace.corpus.blocks(1000, of: 4096)
        let served = try ServedLog(workspace, records: count + held, of: bodies)
        defer { served.end() }
        var one: [Stopwatch.Pace] = []
        var four: [Stopwatch.Pace] = []
        var beside: [Stopwatch.Pace] = []
        for round in 0..<workspace.options.rounds {
            one.append(try measure(served, group: "one-\(round)", owners: 1, count))
            four.append(try measure(served, group: "four-\(round)", owners: 4, count))
            let group = "beside-\(round)"
            try hold(served, group: group)
            beside.append(try measure(served, group: group, owners: 1, count))
        }
        return rows("\(batch) a CLAIM, then DONE, one owner", one) + rows("the same, four owners at once", four)
            + rows("one owner, beside \(held) leases of others", beside)
    }

    private static func rows(_ what: String, _ paces: [Stopwatch.Pace]) -> [Row] {
        [
            Row(name, what, Row.median(paces.map(\.rate)), "records/s", bar: .atLeast(20_000)),
            Row(name, "the same, by processor time", Row.median(paces.map(\.perProcessorSecond)), "records/s"),
        ]
    }

    /// The leases that others hold, by about a hundred owners.
    private static let held = 20_000

    private static func hold(_ served: ServedLog, group: String) throws {
        let client = CommandClient(context: try Context(), endpoints: [served.log])
        var got = 0
        var owner = 0
        // A turn of the server may end early, so that more owners than a hundred may be needed.
        while got < held {
            let maximum = min(held / 100, held - got)
            let reply = try claim(client, group: group, owner: "holder-\(owner)", maximum: maximum)
            guard !reply.records.isEmpty else { throw BenchmarkFailure("there is nothing to lease") }
            got += reply.records.count
            owner += 1
        }
    }

    /// Works `count` records off by `owners`, each on a thread and with a connection of its own.
    private static func measure(_ served: ServedLog, group: String, owners: Int, _ count: Int) throws
        -> Stopwatch.Pace
    {
        let failure = Failure()
        let done = Counter()
        let endpoint = served.log
        let pace = try Stopwatch.pace(count) {
            let threads = try (0..<owners).map { number in
                try SystemThread(name: "owner") {
                    do { try work(endpoint, group: group, owner: "owner-\(number)", done, until: count) } catch {
                        failure.set("\(error)")
                    }
                }
            }
            for thread in threads { thread.join() }
        }
        if let text = failure.text { throw BenchmarkFailure(text) }
        guard done.value >= count else { throw BenchmarkFailure("\(done.value) of \(count) records were done") }
        return pace
    }

    private static func work(
        _ endpoint: String, group: String, owner: String, _ done: Counter, until count: Int
    ) throws {
        let client = CommandClient(context: try Context(), endpoints: [endpoint])
        while done.value < count {
            let reply = try claim(client, group: group, owner: owner, maximum: batch)
            guard !reply.records.isEmpty else { return }
            let seqs = reply.records.map(\.position.seq)
            let json = LogRequests.settle(group: group, owner: owner, seqs: seqs)
            _ = try client.request("DONE", json: json)
            done.add(seqs.count)
        }
    }

    private static func claim(
        _ client: CommandClient, group: String, owner: String, maximum: Int
    ) throws -> FetchReply {
        let json = LogRequests.claim(
            group: group, owner: owner, maximum: maximum, leaseMilliseconds: 600_000, waitMilliseconds: 0, topics: [])
        return try FetchReply(try client.request("CLAIM", json: json))
    }
}
