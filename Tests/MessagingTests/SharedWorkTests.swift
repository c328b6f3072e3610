import Articles
import SQLite
import TestSupport
import Testing
import ZeroMQ

@testable import Messaging

/// CLAIM, DONE, EXTEND, NACK, RELEASE and GROUP over the wire.
@Suite struct SharedWorkTests {
    static let create = #""create":{"topics":["art/"],"from":"first","max_attempts":3}"#

    func claim(
        _ peer: RawPeer, _ owner: String, max: Int = 10, lease: Int = 60_000, wait: Int = 0, group: String = "g"
    ) throws -> RawReply {
        try peer.ask("CLAIM", SharedWorkTests.json(owner, max: max, lease: lease, wait: wait, group: group))
    }

    static func json(
        _ owner: String, max: Int = 10, lease: Int = 60_000, wait: Int = 0, group: String = "g"
    ) -> String {
        """
        {"group":"\(group)","owner":"\(owner)","max":\(max),"lease_ms":\(lease),"wait_ms":\(wait),\(create)}
        """
    }

    func settle(_ peer: RawPeer, _ command: String, _ owner: String, _ seqs: [UInt64], _ more: String = "") throws
        -> RawReply
    {
        try peer.ask(command, "{\"group\":\"g\",\"owner\":\"\(owner)\",\"seqs\":\(seqs)\(more)}")
    }

    func attempts(_ reply: RawReply) -> [Int64] {
        (reply["leases"]?.arrayValue ?? []).compactMap { $0["attempt"]?.integerValue }
    }

    func house(_ count: Int) throws -> (LogHouse, RawPeer) {
        let house = try LogHouse()
        try house.append(count: count)
        let peer = try house.dealer()
        #expect(try eventually { try peer.ask("PING")["head"] == .integer(Int64(count)) })
        return (house, peer)
    }

    @Test func `each record goes to one owner, once`() throws {
        let (house, peer) = try house(5)
        try house.append(count: 1, topic: "file/a/published/")
        #expect(try eventually { try peer.ask("PING")["head"] == .integer(6) })
        let first = try claim(peer, "one", max: 3)
        #expect(first.seqs == [1, 2, 3])
        #expect(attempts(first) == [1, 1, 1])
        #expect(first["leases"]?.arrayValue?.compactMap { $0["seq"]?.integerValue } == [1, 2, 3])
        let left = try #require(first["leases"]?.arrayValue?.first?["left_ms"]?.integerValue)
        #expect((50_000...60_000).contains(left))
        let second = try claim(peer, "two")
        #expect(second.seqs == [4, 5])
        #expect(second.next == 6)
        #expect(try claim(peer, "three").seqs.isEmpty)
        let done = try settle(peer, "DONE", "one", [1, 2, 3])
        #expect(done.integers("done") == [1, 2, 3] && done["stale"] == .array([]))
        #expect(try claim(peer, "one").seqs.isEmpty)
    }

    @Test func `an owner whose reply was lost gets its own leases again, uncharged`() throws {
        let (_, peer) = try house(4)
        #expect(try claim(peer, "one", max: 2).seqs == [1, 2])
        let again = try claim(peer, "one", max: 3)
        #expect(again.seqs == [1, 2, 3])
        #expect(attempts(again) == [1, 1, 1])
    }

    @Test func `a lease that ends goes to the next, and its old owner is stale`() throws {
        let (_, peer) = try house(1)
        #expect(try claim(peer, "one", lease: 1).seqs == [1])
        let second = try claim(peer, "two", wait: 10_000)
        #expect(second.seqs == [1])
        #expect(attempts(second) == [2])
        for command in ["DONE", "EXTEND", "NACK", "RELEASE"] {
            let reply = try settle(peer, command, "one", [1])
            #expect(reply.integers("stale") == [1] && reply["done"] == .array([]))
        }
        #expect(try settle(peer, "DONE", "two", [1]).integers("done") == [1])
        // Idempotent: the second time there is nothing to end.
        #expect(try settle(peer, "DONE", "two", [1]).integers("stale") == [1])
    }

    @Test func `a claim that waits gets what a lease's end frees, at that moment`() throws {
        let (house, peer) = try house(1)
        #expect(try claim(peer, "one", lease: 300).seqs == [1])
        let waiter = try house.dealer()
        let start = ContinuousClock.now
        #expect(try claim(waiter, "two", wait: 30_000).seqs == [1])
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test func `a claim that waits gets what is published`() throws {
        let (house, peer) = try house(0)
        try peer.send("CLAIM", SharedWorkTests.json("one", wait: 30_000))
        #expect(try house.dealer().ask("PING").isOK)
        try house.append(count: 2)
        #expect(try peer.answer().seqs == [1, 2])
    }

    @Test func `an extended lease lasts`() throws {
        let (_, peer) = try house(1)
        #expect(try claim(peer, "one", lease: 50).seqs == [1])
        let extended = try settle(peer, "EXTEND", "one", [1], #","lease_ms":60000"#)
        if extended.integers("done") == [1] {
            #expect(extended["left_ms"] == .integer(60_000))
            #expect(try claim(peer, "two", wait: 200).seqs.isEmpty)
        }
    }

    @Test func `a refused record comes after its delay and dies after its last attempt`() throws {
        let (_, peer) = try house(1)
        for attempt in 1...3 {
            let reply = try claim(peer, "w\(attempt)", wait: 10_000)
            #expect(reply.seqs == [1])
            #expect(attempts(reply) == [Int64(attempt)])
            let refused = try settle(peer, "NACK", "w\(attempt)", [1], #","delay_ms":100,"reason":"no \#(attempt)""#)
            #expect(refused.integers("done") == [1])
            #expect(try claim(peer, "x").seqs.isEmpty)
        }
        let group = try peer.ask("GROUP", #"{"group":"g"}"#)
        #expect(group["inflight"] == .integer(0))
        #expect(
            group["dead"]
                == .array([.object(["seq": .integer(1), "reason": .string("no 3"), "attempts": .integer(3)])]))
        #expect(try claim(peer, "x", wait: 150).seqs.isEmpty)
    }

    @Test func `leases that end as often as attempts are allowed make a dead letter`() throws {
        let (_, peer) = try house(1)
        // Each time by another owner: the same one would get its own lease again, uncharged, while that is open.
        for attempt in 1...3 {
            #expect(attempts(try claim(peer, "w\(attempt)", lease: 1, wait: 10_000)) == [Int64(attempt)])
        }
        #expect(
            try eventually {
                _ = try claim(peer, "x")
                return try peer.ask("GROUP", #"{"group":"g"}"#)["dead"]?.arrayValue?.count == 1
            })
    }

    @Test func `RELEASE gives everything back and charges nothing`() throws {
        let (_, peer) = try house(3)
        #expect(try claim(peer, "one").seqs == [1, 2, 3])
        #expect(try peer.ask("RELEASE", #"{"group":"g","owner":"one"}"#).integers("done") == [1, 2, 3])
        let again = try claim(peer, "two")
        #expect(again.seqs == [1, 2, 3])
        #expect(attempts(again) == [1, 1, 1])
    }

    @Test func `a released record wakes a claim that waits`() throws {
        let (house, peer) = try house(1)
        #expect(try claim(peer, "one").seqs == [1])
        let waiter = try house.dealer()
        try waiter.send("CLAIM", SharedWorkTests.json("two", wait: 30_000))
        #expect(try waiter.ask("PING", id: "p").id == "p")
        #expect(try settle(peer, "RELEASE", "one", [1]).integers("done") == [1])
        #expect(try waiter.answer().seqs == [1])
    }

    @Test func `what is leased to a peer that went away is given back at once`() throws {
        let (house, other) = try house(0)
        var round = 0
        // The server hears of the end of a connection on its I/O thread: until then an answer can be lost with it, and
        // comes back when its lease ends. So: again with another group, until the server knew.
        let isGivenBack = try eventually {
            round += 1
            let create = #""create":{"topics":["art/\#(round)/"],"from":"end"}"#
            do {
                let gone = try house.dealer()
                try gone.send("CLAIM", #"{"group":"g\#(round)","owner":"gone","wait_ms":60000,\#(create)}"#)
                #expect(try gone.ask("PING", id: "p").id == "p")
            }
            try house.append(count: 1, topic: "art/\(round)/en/")
            let reply = try other.ask("CLAIM", #"{"group":"g\#(round)","owner":"other","wait_ms":500}"#)
            return attempts(reply) == [1]
        }
        #expect(isGivenBack)
    }

    @Test func `a group survives its server, with leases, attempts and dead letters`() throws {
        let (house, peer) = try house(4)
        #expect(try claim(peer, "one", max: 3).seqs == [1, 2, 3])
        #expect(try settle(peer, "DONE", "one", [2]).isOK)
        #expect(try settle(peer, "NACK", "one", [3], #","delay_ms":3600000"#).isOK)
        try house.restart()
        let again = try house.dealer()
        let group = try again.ask("GROUP", #"{"group":"g"}"#)
        #expect(group["high"] == .integer(3) && group["floor"] == .integer(0) && group["inflight"] == .integer(2))
        #expect(group["owners"] == .array([.string("one")]))
        #expect(group["max_attempts"] == .integer(3) && group["topics"] == .array([.string("art/")]))
        // The lease of 1 stands, 3 is due (delays are not kept), 4 is new.
        let two = try claim(again, "two")
        #expect(two.seqs == [3, 4])
        #expect(attempts(two) == [2, 1])
        #expect(try claim(again, "one").seqs == [1])
    }

    @Test func `a group begins where it is told to`() throws {
        let (_, peer) = try house(5)
        func claimed(_ group: String, _ from: String) throws -> [UInt64] {
            try peer.ask("CLAIM", #"{"group":"\#(group)","owner":"o","create":{"from":\#(from)}}"#).seqs
        }
        #expect(try claimed("first", #""first""#) == [1, 2, 3, 4, 5])
        #expect(try claimed("end", #""end""#) == [])
        #expect(try claimed("three", "3") == [4, 5])
        let groups = try peer.ask("GROUP")
        #expect(groups["groups"]?.arrayValue?.map { $0["group"]?.stringValue } == ["end", "first", "three"])
        #expect(groups["groups"]?.arrayValue?.map { $0["inflight"]?.integerValue } == [0, 5, 2])
        #expect(try claimed("then", #"{"time_ms":0}"#) == [1, 2, 3, 4, 5])
        #expect(try claimed("later", #"{"time_ms":9007199254740991}"#) == [])
    }

    @Test func `a group is paused, resumed, reset, its dead retried, and deleted`() throws {
        let (house, peer) = try house(2)
        #expect(try claim(peer, "one", max: 1).seqs == [1])
        #expect(try peer.ask("GROUP", #"{"group":"g","action":"pause"}"#)["paused"] == .boolean(true))
        #expect(try claim(peer, "two").seqs.isEmpty)
        #expect(try settle(peer, "DONE", "one", [1]).integers("done") == [1])
        try house.restart()
        let again = try house.dealer()
        let waiter = try house.dealer()
        try waiter.send("CLAIM", SharedWorkTests.json("two", wait: 30_000))
        #expect(try waiter.ask("PING", id: "p").id == "p")
        #expect(try again.ask("GROUP", #"{"group":"g","action":"resume"}"#)["paused"] == .boolean(false))
        #expect(try waiter.answer().seqs == [2])

        for _ in 0..<3 {
            #expect(try settle(again, "NACK", "two", [2]).integers("done") == [2])
            _ = try claim(again, "two")
        }
        #expect(try again.ask("GROUP", #"{"group":"g"}"#)["dead_count"] == .integer(1))
        #expect(try again.ask("GROUP", #"{"group":"g","action":"retry-dead"}"#)["dead_count"] == .integer(0))
        #expect(attempts(try claim(again, "two")) == [1])
        #expect(try again.ask("GROUP", #"{"group":"g","action":"reset","from":"first"}"#)["high"] == .integer(0))
        #expect(try claim(again, "three").seqs == [1, 2])
        #expect(try again.ask("GROUP", #"{"group":"g","action":"delete"}"#).isOK)
        #expect(try again.ask("GROUP", #"{"group":"g"}"#).code == 404)
        #expect(try again.ask("GROUP", #"{"group":"g","action":"explode"}"#).code == 400)
    }

    @Test func `what retention took before it was claimed is a dead letter, not a silence`() throws {
        let (house, peer) = try house(6)
        #expect(try claim(peer, "one", max: 2).seqs == [1, 2])
        #expect(try house.log.trim(before: .max, notPast: 4) == 4)
        #expect(try settle(peer, "RELEASE", "one", [1, 2]).isOK)
        #expect(try claim(peer, "two").seqs == [5, 6])
        let dead = try peer.ask("GROUP", #"{"group":"g"}"#)["dead"]?.arrayValue ?? []
        #expect(dead.compactMap { $0["seq"]?.integerValue } == [1, 2, 3])
        #expect(dead.allSatisfy { $0["reason"] == .string("retention") })
    }

    @Test func `max_bytes bounds what is claimed again, too`() throws {
        let house = try LogHouse()
        try house.append([String](repeating: String(repeating: "x", count: 1000), count: 5))
        let peer = try house.dealer()
        #expect(try eventually { try peer.ask("PING")["head"] == .integer(5) })
        func claim(_ bytes: Int) throws -> [UInt64] {
            try peer.ask(
                "CLAIM", #"{"group":"g","owner":"o","max":10,"max_bytes":\#(bytes),"create":{"from":"first"}}"#
            ).seqs
        }
        #expect(try claim(8000) == [1, 2, 3, 4, 5])
        #expect(try claim(2500) == [1, 2])
        #expect(try claim(1) == [1])
    }

    @Test func `an expired lease in a group without workers does not keep the server busy`() throws {
        let (house, peer) = try house(1)
        #expect(try claim(peer, "one", lease: 1, group: "left").seqs == [1])
        #expect(try claim(peer, "two", max: 1, group: "g").seqs == [1])
        let waiter = try house.dealer()
        try waiter.send("CLAIM", SharedWorkTests.json("three", wait: 700))
        #expect(try waiter.answer().seqs.isEmpty)
        // It was a turn a millisecond for as long as anybody waited anywhere.
        #expect(house.server.turns < 100)
    }

    @Test func `a group follows a log that was restored`() throws {
        let (house, peer) = try house(6)
        #expect(try claim(peer, "one", max: 5).seqs == [1, 2, 3, 4, 5])
        #expect(try settle(peer, "DONE", "one", [1, 2, 3, 5]).isOK)
        #expect(try peer.ask("COMMIT", #"{"consumer":"index","after":6}"#).isOK)
        house.stop()
        // From a backup that held 3 records; then others were appended in a new epoch.
        try house.connection.execute("DELETE FROM log WHERE seq>3; INSERT INTO epoch(epoch, first_seq) VALUES (2, 4)")
        let log = try ArticleLog(connection: house.connection)
        try house.connection.transaction {
            for _ in 0..<3 { _ = try log.append(topic: Topic(stored: "art/a/en/"), record: [0x7b, 0x7d]) }
        }
        try house.restart()
        let again = try house.dealer()
        #expect(try claim(again, "two").seqs == [4, 5, 6])
        #expect(eventually { house.server.consumers["index"] == 3 })
    }
}

@Suite struct WorkGroupTests {
    @Test func `what could not be written down has not happened`() {
        let group = WorkGroup(name: "g", topics: [], high: 0, maxAttempts: 2)
        for seq in UInt64(1)...4 { group.give(seq, to: "a", leaseMilliseconds: 100, now: 0) }
        group.advance(to: 4)
        group.commit()
        let before = (group.items, group.dead, group.high, group.nextDue, group.held(by: "a"))
        _ = group.done([1], owner: "a")
        _ = group.refuse([2], owner: "a", delayMilliseconds: 5, reason: "x", now: 1)
        group.bury(3, reason: "y")
        _ = group.extend([4], owner: "a", leaseMilliseconds: 900, now: 1)
        group.give(5, to: "b", leaseMilliseconds: 1, now: 1)
        group.advance(to: 5)
        group.pause(true)
        group.rollBack()
        #expect(group.items == before.0)
        #expect(group.dead == before.1)
        #expect(group.high == before.2)
        #expect(group.nextDue == before.3)
        #expect(group.held(by: "a") == before.4)
        #expect(group.held(by: "b").isEmpty)
        #expect(!group.isPaused)
        #expect(group.changes.isEmpty)
    }

    /// Against a plain model: the cached due time, the owners' lists and the undo log stay true.
    @Test(arguments: [UInt64(1), 2, 3, 4, 5])
    func `whatever is done, the group's shortcuts say what its items say`(seed: UInt64) {
        var random = Random(seed: seed)
        let group = WorkGroup(name: "g", topics: [], high: 0, maxAttempts: 3)
        var now: Int64 = 0
        for _ in 0..<2000 {
            now += Int64(random.below(5))
            let owner = ["a", "b", "c"][random.below(3)]
            let seqs = (0..<3).map { _ in UInt64(1 + random.below(30)) }
            let saved = (group.items, group.dead, group.high)
            switch random.below(9) {
            case 0, 1:
                for seq in group.candidates(for: owner, now: now).prefix(3) {
                    group.give(seq, to: owner, leaseMilliseconds: Int64(1 + random.below(40)), now: now)
                }
            case 2:
                group.give(group.high + 1, to: owner, leaseMilliseconds: Int64(1 + random.below(40)), now: now)
                group.advance(to: group.high + 1)
            case 3: _ = group.done(seqs, owner: owner)
            case 4: _ = group.extend(seqs, owner: owner, leaseMilliseconds: 20, now: now)
            case 5: _ = group.refuse(seqs, owner: owner, delayMilliseconds: 10, reason: "r", now: now)
            case 6: _ = group.release(seqs, owner: owner, now: now)
            case 7: _ = group.retryDead(random.below(2) == 0 ? nil : seqs, now: now)
            default: _ = group.discardDead(seqs)
            }
            if random.below(4) == 0 {
                group.rollBack()
                #expect(group.items == saved.0)
                #expect(group.dead == saved.1)
                #expect(group.high == saved.2)
            } else {
                group.commit()
            }
            #expect(group.nextDue == group.items.values.map(\.due).min())
            for owner in ["a", "b", "c"] {
                #expect(group.held(by: owner) == group.items.filter { $0.value.owner == owner }.keys.sorted())
            }
            #expect(group.items.values.allSatisfy { (0...3).contains($0.attempt) })
            #expect(group.items.keys.allSatisfy { group.dead[$0] == nil && $0 <= group.high })
        }
    }

    @Test func `a store that cannot write leaves the group as it was`() throws {
        let directory = try ScratchDirectory()
        let store = try GroupStore(path: directory.path("groups"))
        let creation = GroupStore.Creation(topics: nil, from: nil, maxAttempts: nil)
        let group = try store.makeGroup("g", creation, after: 0)
        try store.update(group) { $0.give(1, to: "a", leaseMilliseconds: 1000, now: 0) }
        // Another connection holds the write lock for longer than the store waits.
        let other = try Connection(path: directory.path("groups"))
        try other.execute("BEGIN IMMEDIATE; DROP TABLE work; COMMIT")
        #expect(throws: SQLiteError.self) { try store.update(group) { $0.done([1], owner: "a") } }
        #expect(group.held(by: "a") == [1])
    }
}
