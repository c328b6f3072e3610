import Articles
import Glibc
import Linux
import Messaging
import TestSupport
import Testing

/// Processes beside the watcher that are stopped in the middle of their work: they slow it in nothing and cost it no memory.
@Suite struct FrozenNeighbourTests {
    /// More than the queue of a subscriber holds, each as long as a record on the feed may be.
    private static let count = 1500
    private static let words = String(repeating: "Many words that say little. ", count: 1400)

    @Test(.timeLimit(.minutes(10)))
    func `a frozen status service and a frozen subscriber do not hold up the intake`() throws {
        let dropwire = try Installation()
        let status = try dropwire.startReady("status")
        let watch = try dropwire.startReady("watch")
        let subscriber = try TestedProcess(["tail", "--config", dropwire.configurationPath, "--json"])
        var early = 0
        try waitUntil("the subscriber is there") {
            early += 1
            try dropwire.drop(Sample.article(10_000 + early), as: "early-\(early).txt")
            return !subscriber.output.isEmpty
        }
        try waitUntil("the status service is told") {
            try dropwire.heartbeat(of: "watch")?.numbers["articles"] == Int64(early)
        }
        for process in [status, subscriber] { try #require(process.send(SIGSTOP)) }
        defer { for process in [status, subscriber] { process.send(SIGCONT) } }

        let before = ProcessInformation.residentBytes(of: watch.identifier)
        for number in 1...FrozenNeighbourTests.count {
            try dropwire.drop(Sample.article(number) + "\n\n" + FrozenNeighbourTests.words, as: "\(number).txt")
            // A trickle now and then, so that the watcher often comes to rest and wants to tell.
            if number % 300 == 0 {
                try waitUntil("they are taken", within: .seconds(60)) { dropwire.waiting.isEmpty }
            }
        }
        try waitUntil("all are taken", within: .seconds(60)) { dropwire.waiting.isEmpty }
        #expect(try dropwire.records().compactMap(\.file).count == FrozenNeighbourTests.count + early)
        // A subscriber's queue holds 1,000 messages.
        let after = ProcessInformation.residentBytes(of: watch.identifier)
        #expect(after - before < 120 << 20, "\((after - before) >> 20) MiB more")
        #expect(try watch.stop() == .exited(0), "and it ends as it should")
        for process in [status, subscriber] { process.send(SIGCONT) }
        try waitUntil("the status service goes on where it stood") {
            try dropwire.askStatus("PROCESSES", Answer.self).processes.count >= 1
        }
    }

    private struct Answer: Decodable {
        struct Process: Decodable {}
        var processes: [Process]
    }
}
