import Articles
import Messaging
import Testing

@testable import Status

@Suite struct StatusBoardTests {
    private let board = StatusBoard()
    private let start = ContinuousClock.now

    private func beat(_ name: String, kind: String, lag: UInt64, done: Int64, at seconds: Int) {
        var heartbeat = Heartbeat(name: name, kind: kind)
        heartbeat.lag = lag
        heartbeat.numbers = ["done": done]
        board.note(heartbeat, at: start + .seconds(seconds))
    }

    @Test func `a worker that moves, or has nothing to do, is well`() {
        for second in stride(from: 0, through: 120, by: 5) {
            beat("a", kind: "index", lag: 100, done: Int64(second), at: second)
            beat("b", kind: "deduplicate", lag: 0, done: 7, at: second)
        }
        #expect(board.illnesses(at: start + .seconds(121)).isEmpty)
    }

    @Test func `a worker with work that does not move for a minute is told of`() throws {
        for second in stride(from: 0, through: 70, by: 5) { beat("a", kind: "index", lag: 12, done: 7, at: second) }
        #expect(board.illnesses(at: start + .seconds(59)).isEmpty)
        let illness = try #require(board.illnesses(at: start + .seconds(71)).first)
        #expect(illness.text == "12 records wait for a, and it has not moved for 71 s")
        beat("a", kind: "index", lag: 11, done: 8, at: 72)
        #expect(board.illnesses(at: start + .seconds(73)).isEmpty)
    }

    @Test func `a silent worker is told of when articles come, unless another of its kind lives`() {
        beat("summarize-1", kind: "summarize", lag: 0, done: 1, at: 0)
        #expect(board.illnesses(at: start + .seconds(100)).isEmpty)
        board.count(Arrivals(names: ["articles": 1]), at: start + .seconds(50))
        #expect(board.illnesses(at: start + .seconds(100)).count == 1)
        beat("summarize-2", kind: "summarize", lag: 0, done: 1, at: 99)
        #expect(board.illnesses(at: start + .seconds(100)).isEmpty)
    }

    @Test func `a failed store makes the service ill, a trouble of a process does not`() {
        var heartbeat = Heartbeat(name: "watch", kind: "watch")
        heartbeat.trouble = "a directory cannot be read"
        board.note(heartbeat, at: start)
        #expect(board.illnesses(at: start).isEmpty)
        #expect(board.troubles(at: start).map(\.text) == ["a directory cannot be read"])
        board.setTrouble("store", "The disk is full")
        #expect(board.illnesses(at: start).map(\.text) == ["The disk is full"])
        board.setTrouble("store", nil)
        #expect(board.illnesses(at: start).isEmpty)
    }

    @Test func `a process becomes silent after fifteen seconds and is forgotten after a day`() {
        beat("a", kind: "index", lag: 0, done: 0, at: 0)
        #expect(board.processes(at: start + .seconds(14)).map(\.isAlive) == [true])
        #expect(board.processes(at: start + .seconds(15)).map(\.isAlive) == [false])
        #expect(board.processes(at: start + .seconds(24 * 3600)).isEmpty)
    }

    @Test func `a rate is that of the last minute`() {
        for second in 0..<120 { board.count(Arrivals(names: ["files": 3]), at: start + .seconds(second)) }
        #expect(abs((board.rates(at: start + .seconds(119))["files"] ?? 0) - 3) < 0.11)
        #expect(abs((board.rates(at: start + .seconds(149))["files"] ?? 0) - 1.5) < 0.11)
        #expect(board.rates(at: start + .seconds(300))["files"] == 0)
    }
}
