import Articles
import SQLite
import TestSupport
import Testing
import ZeroMQ

@testable import Messaging

/// GROUP as whoever looks after shared work uses it.
@Suite struct GroupCommandTests {
    private func house(_ count: Int) throws -> (LogHouse, RawPeer) {
        let house = try LogHouse { $0.hold = ["g"] }
        try house.append(count: count)
        let peer = try house.dealer()
        #expect(try eventually { try peer.ask("PING")["head"] == .integer(Int64(count)) })
        return (house, peer)
    }

    private func claim(_ peer: RawPeer, _ owner: String = "o", max: Int = 1000) throws -> RawReply {
        try peer.ask("CLAIM", #"{"group":"g","owner":"\#(owner)","max":\#(max)}"#)
    }

    private func group(_ peer: RawPeer, _ more: String = "") throws -> RawReply {
        try peer.ask("GROUP", #"{"group":"g"\#(more)}"#)
    }

    /// Lets the first `count` records die at their only attempt.
    private func die(_ peer: RawPeer, _ count: Int) throws {
        let seqs = try claim(peer, max: count).seqs
        #expect(seqs.count == count)
        let refused = try peer.ask("NACK", #"{"group":"g","owner":"o","seqs":\#(seqs),"reason":"no"}"#)
        #expect(refused.integers("done").count == count)
    }

    private func dead(_ reply: RawReply) -> [Int64] {
        (reply["dead"]?.arrayValue ?? []).compactMap { $0["seq"]?.integerValue }
    }

    private let create = #","action":"create","create":{"from":"first","topics":["art/"],"max_attempts":1}"#

    @Test func `a group is made once, however often it is asked for`() throws {
        let (_, peer) = try house(3)
        let made = try group(peer, create)
        #expect(made["created"] == .boolean(true) && made["floor"] == .integer(0) && made["lag"] == .integer(3))
        #expect(made["max_attempts"] == .integer(1) && made["topics"] == .array([.string("art/")]))
        let again = try group(peer, #","action":"create","create":{"from":"end"}"#)
        #expect(again["created"] == .boolean(false) && again["floor"] == .integer(0))
        #expect(try peer.ask("GROUP", #"{"group":"h","action":"create"}"#)["floor"] == .integer(3))
        #expect(try peer.ask("GROUP", #"{"group":"","action":"create"}"#).code == 400)
        #expect(try peer.ask("GROUP", #"{"group":"i","action":"create","create":{"from":4}}"#).code == 400)
        #expect(try group(peer, #","action":"delete""#)["existed"] == .boolean(true))
        #expect(try group(peer, #","action":"delete""#)["existed"] == .boolean(false))
        #expect(try group(peer).code == 404 && group(peer, #","action":"pause""#).code == 404)
    }

    @Test func `the list says how each group is, page by page`() throws {
        let (_, peer) = try house(5)
        #expect(try group(peer, create).isOK)
        for name in ["a", "b"] { #expect(try peer.ask("GROUP", #"{"group":"\#(name)","action":"create"}"#).isOK) }
        try die(peer, 2)
        #expect(try claim(peer, max: 1).seqs == [3])
        #expect(try peer.ask("GROUP", #"{"group":"a","action":"pause"}"#).isOK)
        let first = try peer.ask("GROUP", #"{"max":2}"#)
        #expect(first["groups"]?.arrayValue?.map { $0["group"]?.stringValue } == ["a", "b"])
        #expect(first["groups"]?.arrayValue?.map { $0["paused"] } == [.boolean(true), .boolean(false)])
        #expect(first["next"] == .string("b") && first["head"] == .integer(5))
        let second = try peer.ask("GROUP", #"{"max":2,"after":"b"}"#)
        let last = try #require(second["groups"]?.arrayValue?.first)
        #expect(second["groups"]?.arrayValue?.count == 1 && second["next"] == nil)
        #expect(last["floor"] == .integer(2) && last["high"] == .integer(3) && last["lag"] == .integer(3))
        #expect(last["inflight"] == .integer(1) && last["dead_count"] == .integer(2))
        #expect(last["owner_count"] == .integer(1) && last["holds"] == .boolean(true))
        #expect((last["seen_ms"]?.integerValue ?? 0) > 0)
    }

    @Test func `dead letters are retried and discarded one by one, twice with one effect`() throws {
        let (house, peer) = try house(5)
        #expect(try group(peer, create).isOK)
        try die(peer, 5)
        let retried = try group(peer, #","action":"retry-dead","seqs":[2,9]"#)
        #expect(retried["retried"] == .integer(1) && retried.integers("missing") == [9])
        #expect(dead(retried) == [1, 3, 4, 5])
        #expect(try group(peer, #","action":"retry-dead","seqs":[2]"#)["retried"] == .integer(0))
        let discarded = try group(peer, #","action":"discard-dead","seqs":[1,2]"#)
        #expect(discarded["discarded"] == .integer(1) && discarded.integers("missing") == [2])
        try house.restart()
        let again = try house.dealer()
        #expect(dead(try group(again)) == [3, 4, 5])
        // Retried as a new record: its attempts count from one.
        let given = try claim(again)
        #expect(given.seqs == [2])
        #expect(given["leases"]?.arrayValue?.first?["attempt"] == .integer(1))
        #expect(try group(again, #","action":"discard-dead""#)["discarded"] == .integer(3))
        #expect(try group(again, #","action":"discard-dead""#)["discarded"] == .integer(0))
        #expect(try group(again)["dead_count"] == .integer(0))
    }

    @Test func `dead letters are read page by page`() throws {
        let (_, peer) = try house(1003)
        #expect(try group(peer, create).isOK)
        try die(peer, 1000)
        try die(peer, 3)
        let first = try group(peer)
        #expect(dead(first) == Array(1...1000) && first["dead_next"] == .integer(1000))
        #expect(first["dead_count"] == .integer(1003))
        let second = try group(peer, #","dead_after":1000"#)
        #expect(dead(second) == [1001, 1002, 1003] && second["dead_next"] == nil)
        let none = try group(peer, #","dead_max":0"#)
        #expect(dead(none).isEmpty && none["dead_next"] == nil)
        #expect(try group(peer, #","dead_max":1001"#).code == 400)
    }

    @Test func `a group is reset to a position and to a time`() throws {
        let (house, peer) = try house(4)
        #expect(try group(peer, create).isOK)
        #expect(try claim(peer).seqs == [1, 2, 3, 4])
        let time = try #require(try house.connection.scalar("SELECT time_ms FROM log WHERE seq=1"))
        #expect(try group(peer, #","action":"reset","from":2"#)["high"] == .integer(2))
        #expect(try claim(peer).seqs == [3, 4])
        #expect(try group(peer, #","action":"reset","from":{"time_ms":\#(time)}"#)["high"] == .integer(0))
        #expect(try group(peer, #","action":"reset","from":"end""#)["lag"] == .integer(0))
        for wrong in ["5", "-1", #""here""#, "{}", "true"] {
            #expect(try group(peer, #","action":"reset","from":\#(wrong)"#).code == 400, "\(wrong)")
        }
    }
}
