import Articles
import FoundationEssentials
import Glibc
import Linux
import Messaging
import TestSupport
import Testing

/// Peers that freeze, flood, stall and break off: the watcher's memory stays bounded, and nobody else notices.
///
/// For longer runs: DROPWIRE_HOSTILE_SECONDS (5), DROPWIRE_HOSTILE_SEED.
@Suite(.enabled(if: PublishedProgram.hasZeroMQ, "\(PublishedProgram.python) has no zmq: install python3-zmq"))
struct HostilePeersTests {
    private static let seconds = setting("DROPWIRE_HOSTILE_SECONDS") ?? 5

    private static func setting(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }

    // MARK: Frozen subscribers

    @Test(.timeLimit(.minutes(10)))
    func `twenty frozen subscribers of two hundred cost nobody a record, and little memory`() throws {
        let dropwire = try Installation()
        let watch = try dropwire.startReady("watch")
        let feed = "ipc://\(dropwire.scratch.path("run"))/watch-feed.sock"
        // Large articles come as references; of the small ones there are more than a subscriber's queue holds.
        let large = 40
        let small = 200
        let rounds = 6
        let count = large + small * rounds
        let frozen = try peers("frozen", feed, "20")
        let live = try peers("subscribers", feed, "180", "\(count)")
        try #require(frozen.send(SIGSTOP))
        defer { frozen.send(SIGCONT) }
        let before = ProcessInformation.residentBytes(of: watch.identifier)
        var most = before
        func waitFor(_ number: Int) throws {
            try waitUntil("all have \(number)", within: .seconds(120)) {
                most = max(most, ProcessInformation.residentBytes(of: watch.identifier))
                return live.output.contains("has \(number)\n")
            }
        }
        for part in 0..<4 {
            try dropwire.drop(articles(part * 10..<part * 10 + 10, bytes: 1_000_000), as: "large-\(part).ndjson")
        }
        try waitFor(large)
        for round in 0..<rounds {
            let first = large + round * small
            try dropwire.drop(articles(first..<first + small, bytes: 500), as: "small-\(round).ndjson")
            // Step by step: to whom drops behind the feed promises nothing.
            try waitFor(first + small)
        }
        print("hostile peers: 20 frozen subscribers of 200, \((most - before) >> 20) MiB more")
        #expect(most - before < 250 << 20, "\((most - before) >> 20) MiB more")
        #expect(try dropwire.records().count { $0.article != nil } == count)
        #expect(try watch.stop() == .exited(0))
    }

    /// A file of articles, one a line.
    private func articles(_ numbers: Range<Int>, bytes: Int) -> String {
        let sentence = "Nobody else was at the river that morning. "
        let words = String(repeating: sentence, count: bytes / sentence.utf8.count + 1)
        return numbers.map { number in
            #"{"uri": "urn:\#(number)", "headline": "Report \#(number)", "type": "text", "body_text": "\#(words)"}"#
                + "\n"
        }.joined()
    }

    // MARK: A flood

    @Test(.timeLimit(.minutes(30)))
    func `a reliable consumer loses nothing and hears soon, beside peers that flood, stall and break off`() throws {
        let seed = HostilePeersTests.setting("DROPWIRE_HOSTILE_SEED") ?? .random(in: 0...999_999)
        print("hostile peers: DROPWIRE_HOSTILE_SEED=\(seed)")
        let dropwire = try Installation()
        let watch = try dropwire.startReady("watch")
        let run = dropwire.scratch.path("run")
        let (log, feed) = ("ipc://\(run)/watch-log.sock", "ipc://\(run)/watch-feed.sock")
        let tcp = try tcpLog(dropwire, feed)
        let before = ProcessInformation.residentBytes(of: watch.identifier)
        let hostile = try [
            peers("flood", log, "4"), peers("flood", tcp, "2"), peers("deaf", log, "20"), peers("half", tcp, "10"),
            peers("half", log, "5"), peers("half", feed, "5"), peers("connect", tcp, "1000"),
            peers("connect", feed, "300"), peers("endless", log, "67108864"), peers("mutate", log, "\(seed)"),
            peers("mutate", feed, "\(seed)"),
        ]
        let client = CommandClient(context: dropwire.context, endpoints: [log])
        var cursor: Cursor?
        var seqs: [UInt64] = []
        var delays: [Int64] = []
        var most = before
        var number = 0
        let end = ContinuousClock.now + .seconds(HostilePeersTests.seconds)
        while number < 50 || ContinuousClock.now < end {
            try dropwire.drop(Sample.article(number), as: "\(number).txt")
            var isThere = false
            let limit = ContinuousClock.now + .seconds(60)
            while !isThere {
                let reply = try FetchReply(
                    client.request("FETCH", json: LogRequests.fetch(after: cursor), deadline: .seconds(30)))
                try #require(ContinuousClock.now < limit, "the consumer waits for report \(number)")
                let now = Clocks.wallMilliseconds()
                for record in reply.records {
                    seqs.append(record.position.seq)
                    delays.append(now - record.position.timeMilliseconds)
                    isThere = isThere || String(decoding: record.bytes, as: UTF8.self).contains(Sample.title(number))
                }
                cursor = reply.next
            }
            most = max(most, ProcessInformation.residentBytes(of: watch.identifier))
            number += 1
        }
        delays.sort()
        print(
            "hostile peers: \(number) articles, from commit to the consumer p50 \(delays[delays.count / 2]) ms, p99 "
                + "\(delays[delays.count * 99 / 100]) ms, \((most - before) >> 20) MiB more")
        #expect(seqs == Array(1...UInt64(seqs.count)))
        #expect(delays[delays.count / 2] < 1000)
        #expect(delays.last! < 15_000)
        #expect(most - before < 400 << 20, "\((most - before) >> 20) MiB more")
        for peer in hostile { #expect(try peer.kill() == .killed(signal: SIGKILL), "\(peer.errorOutput)") }
        _ = try dropwire.fileRecord(of: "0.txt")
        #expect(try watch.stop() == .exited(0))
    }

    /// The address of the log that any user of this machine may connect to, as HEAD tells it.
    private func tcpLog(_ dropwire: Installation, _ feed: String) throws -> String {
        let subscriber = try FeedSubscriber(context: dropwire.context, endpoint: feed)
        var addresses: [String] = []
        try waitUntil("a head has come") {
            while let message = try subscriber.receive() {
                guard message.frame.kind == .head else { continue }
                let json = try JSONDecoder().decode(JSONValue.self, from: Data(message.body))
                addresses = json["log"]?.arrayValue?.compactMap(\.stringValue) ?? []
            }
            return !addresses.isEmpty
        }
        guard let tcp = addresses.first(where: { $0.hasPrefix("tcp://") }) else { throw Trouble("no log on tcp") }
        return tcp
    }

    // MARK: Too many connections

    @Test(arguments: ["ipc", "tcp"])
    func `more connections than there are descriptors end nothing and cost who is there nothing`(
        transport: String
    ) throws {
        let dropwire = try Installation()
        let watch = try dropwire.startReady("watch", launcher: ["/usr/bin/prlimit", "--nofile=256:256"])
        let run = dropwire.scratch.path("run")
        let (log, feed) = ("ipc://\(run)/watch-log.sock", "ipc://\(run)/watch-feed.sock")
        let client = CommandClient(context: dropwire.context, endpoints: [log])
        _ = try client.request("PING")
        let address = transport == "ipc" ? log : try tcpLog(dropwire, feed)
        let crowd = try peers("connect", address, "600")
        // Its files are opened as ever, and who was connected before is served.
        for number in 0..<20 { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
        try waitUntil("the files are taken") { dropwire.archive().count == 20 }
        let reply = try FetchReply(client.request("FETCH", json: LogRequests.fetch(after: nil), deadline: .seconds(20)))
        #expect(reply.head == 40)
        #expect(try crowd.kill() == .killed(signal: SIGKILL), "\(crowd.errorOutput)")
        // When they are gone, others come in again.
        try waitUntil("a new client is served") {
            let other = CommandClient(context: dropwire.context, endpoints: [log])
            return (try? other.request("PING", deadline: .milliseconds(500))) != nil
        }
        #expect(try watch.stop() == .exited(0))
    }

    /// Starts peers of a kind, and waits until they are at work.
    private func peers(_ kind: String, _ arguments: String...) throws -> TestedProcess {
        let script = BuiltProgram.sourceRoot + "/Tests/Conformance/hostile-peers.py"
        let process = try TestedProcess(name: kind, command: [PublishedProgram.python, script, kind] + arguments)
        do {
            try waitUntil("the peers are at work", within: .seconds(60)) { process.output.contains("ready\n") }
        } catch {
            throw Trouble("\(kind) \(arguments): \(error)\n\(process.errorOutput)")
        }
        return process
    }
}
