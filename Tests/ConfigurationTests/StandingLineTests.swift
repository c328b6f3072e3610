import Messaging
import Testing

@testable import dropwire

/// What `systemctl status` shows of a process.
@Suite struct StandingLineTests {
    private func line(_ kind: String, _ numbers: [String: Int64], _ body: (inout Heartbeat) -> Void = { _ in })
        -> String
    {
        var heartbeat = Heartbeat(name: kind, kind: kind)
        heartbeat.numbers = numbers
        body(&heartbeat)
        return StandingLine(heartbeat).text
    }

    @Test func `a watcher says what it took and what waits`() {
        #expect(
            line("watch", ["articles": 0, "waiting": 0, "held": 0]) { $0.state = "scanning" }
                == "scanning, 0 articles since the start, 0 files wait")
        #expect(
            line("watch", ["articles": 12, "waiting": 3, "in_hand": 2, "in_quarantine": 1, "published": 12]) {
                $0.state = "watching"
            } == "watching, 12 articles since the start, 3 files wait, 2 in hand, 1 in quarantine")
    }

    @Test func `a worker says what it did and how far behind it is`() {
        #expect(
            line("index", ["done": 7, "failed": 0, "outbox": 0, "retrying": 0, "dead": 0]) { $0.lag = 5 }
                == "7 done, 5 behind")
        #expect(
            line("summarize", ["done": 7, "failed": 2, "outbox": 9])
                == "7 done, 2 failed, 9 results wait for the status "
                + "service, 0 behind")
        #expect(line("status", ["results": 40]) == "40 results, 0 behind")
    }

    @Test func `a trouble stands last, and the line has an end`() {
        #expect(line("index", ["done": 1]) { $0.trouble = "the log is away" } == "1 done, 0 behind; the log is away")
        #expect(line("index", ["done": 1]) { $0.trouble = String(repeating: "x", count: 9000) }.count == 300)
    }
}
