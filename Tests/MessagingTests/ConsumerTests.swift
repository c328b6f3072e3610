import Articles
import SQLite
import TestSupport
import Testing
import ZeroMQ

@testable import Messaging

/// COMMIT and CONSUMER over the wire, and what they hold.
@Suite struct ConsumerTests {
    private func house(_ count: Int) throws -> (LogHouse, RawPeer) {
        let house = try LogHouse { $0.hold = ["index", "never"] }
        try house.append(count: count)
        let peer = try house.dealer()
        #expect(try eventually { try peer.ask("PING")["head"] == .integer(Int64(count)) })
        return (house, peer)
    }

    private func commit(_ peer: RawPeer, _ name: String, _ seq: Int) throws {
        #expect(try peer.ask("COMMIT", #"{"consumer":"\#(name)","after":\#(seq)}"#).isOK)
    }

    @Test func `every consumer is listed with its lag, and forgotten when it is asked for`() throws {
        let (house, peer) = try house(10)
        try commit(peer, "index", 10)
        try commit(peer, "mine", 4)
        try commit(peer, "other", 7)
        let list = try peer.ask("CONSUMER", #"{"max":2}"#)
        let first = try #require(list["consumers"]?.arrayValue)
        #expect(first.map { $0["consumer"]?.stringValue } == ["index", "mine"])
        #expect(first.map { $0["lag"]?.integerValue } == [0, 6])
        #expect(first.map { $0["holds"] } == [.boolean(true), .boolean(false)])
        #expect(first[0]["lag_ms"] == .integer(0) && (first[1]["lag_ms"]?.integerValue ?? -1) >= 0)
        #expect(list["next"] == .string("mine") && list["low"] == .integer(1) && list["head"] == .integer(10))
        let rest = try peer.ask("CONSUMER", #"{"after":"mine"}"#)
        #expect(rest["consumers"]?.arrayValue?.map { $0["consumer"]?.stringValue } == ["other"])
        #expect(rest["next"] == nil)

        #expect(try peer.ask("CONSUMER", #"{"consumer":"other","action":"forget"}"#)["existed"] == .boolean(true))
        #expect(try peer.ask("CONSUMER", #"{"consumer":"other","action":"forget"}"#)["existed"] == .boolean(false))
        #expect(try peer.ask("CONSUMER", #"{"consumer":"other"}"#).code == 404)
        try house.restart()
        let again = try house.dealer()
        #expect(try again.ask("CONSUMER", #"{"consumer":"other"}"#)["name"] == .string("UNKNOWN_CONSUMER"))
        let mine = try again.ask("CONSUMER", #"{"consumer":"mine"}"#)
        #expect(mine["after"] == .integer(4) && (mine["seen_ms"]?.integerValue ?? 0) > 0)
        #expect(try again.ask("CONSUMER", #"{"action":"forget"}"#).code == 400)
    }

    @Test func `a consumer that retention has passed is shown with what it lost`() throws {
        let (house, peer) = try house(10)
        try commit(peer, "mine", 4)
        #expect(try house.log.trim(before: .max, notPast: 7) == 7)
        let mine = try peer.ask("CONSUMER", #"{"consumer":"mine"}"#)
        #expect(mine["lost"] == .integer(3) && mine["lag"] == .integer(6))
        // And it is told so when it asks.
        let gone = try peer.ask("FETCH", #"{"stream":"\#(house.log.stream)","epoch":1,"after":4}"#)
        #expect(gone.code == 410 && gone["low"] == .integer(8) && gone["head"] == .integer(10))
        #expect(try peer.ask("FETCH", #"{"stream":"\#(house.log.stream)","epoch":1,"after":7}"#).seqs == [8, 9, 10])
    }

    @Test func `retention is held by those who are named, also by one that was never there`() throws {
        let (house, peer) = try house(6)
        try commit(peer, "index", 4)
        try commit(peer, "mine", 2)
        #expect(eventually { house.server.hold == RetentionHold(position: 0, holders: ["never"]) })
        try commit(peer, "never", 5)
        #expect(eventually { house.server.hold == RetentionHold(position: 4, holders: []) })
        #expect(try house.log.trim(before: .max, notPast: house.server.hold.position) == 4)
        // Now the oldest record is one that it has yet to read.
        #expect(eventually { house.server.hold == RetentionHold(position: 4, holders: ["index"]) })
        let standing = try #require(house.server.standing)
        #expect(standing.consumers.map(\.name) == ["index", "never", "mine"])
        // What the log has is told in a turn of its own.
        #expect(eventually { house.server.standing.map { $0.low == 5 && $0.head == 6 && $0.bytes > 0 } ?? false })
        // A group under the name of a consumer is waited for, too.
        #expect(try peer.ask("GROUP", #"{"group":"never","action":"create","create":{"from":"first"}}"#).isOK)
        #expect(eventually { house.server.hold.position == 4 })
    }
}
