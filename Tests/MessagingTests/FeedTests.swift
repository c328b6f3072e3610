import Articles
import TestSupport
import Testing
import ZeroMQ

@testable import Messaging

@Suite struct FeedTests {
    /// The next message of a topic that `applies`.
    func next(_ peer: RawPeer, _ topic: String) throws -> [[UInt8]] {
        while true {
            let frames = try peer.receive()
            if String(decoding: frames[0], as: UTF8.self) == topic { return frames }
        }
    }

    @Test func `a subscriber sees HEAD at once and then every record`() throws {
        let house = try LogHouse()
        try house.append(count: 2)
        let peer = try RawPeer(.sub, house.context, house.feedEndpoint, keeping: house)
        let head = try next(peer, "!head")
        let frame = try #require(PositionFrame(head[1]))
        #expect(frame.kind == .head)
        #expect(frame.position.stream == house.log.stream)
        let json = RawReply([[], [], [], head[2]]).json
        #expect(json["interval_ms"] == .integer(1000))
        #expect(json["name"] == .string("articles"))
        #expect(json["log"]?.arrayValue?.count == 2)
        #expect(json["low"] == .integer(1))
        let positions = try house.append(["{\"a\":1}", "{\"a\":2}"], topic: "art/x/en/")
        for (position, text) in zip(positions, ["{\"a\":1}", "{\"a\":2}"]) {
            let frames = try next(peer, "art/x/en/")
            #expect(frames.count == 3)
            #expect(PositionFrame(frames[1]) == PositionFrame(kind: .record, position: position))
            #expect(frames[2] == Array(text.utf8))
        }
        // HEAD follows what was published.
        #expect(try eventually { PositionFrame(try next(peer, "!head")[1])?.position.seq == 4 })
    }

    @Test func `a record over the inline limit comes as a reference, one at the limit whole`() throws {
        let house = try LogHouse()
        let peer = try RawPeer(.sub, house.context, house.feedEndpoint, keeping: house)
        _ = try next(peer, "!head")
        let start = "{\"v\":1,\"type\":\"article\",\"id\":\"00112233445566778899aabbccddeeff\",\"body\":\""
        func record(_ size: Int) -> String {
            start + String(repeating: "x", count: size - start.utf8.count - 2) + "\"}"
        }
        try house.append([record(64 << 10), record((64 << 10) + 1)])
        let whole = try next(peer, "art/bbc/en/")
        #expect(PositionFrame(whole[1])?.kind == .record)
        #expect(whole[2].count == 64 << 10)
        let stub = try next(peer, "art/bbc/en/")
        #expect(PositionFrame(stub[1])?.kind == .reference)
        #expect(PositionFrame(stub[1])?.position.seq == 2)
        #expect(
            String(decoding: stub[2], as: UTF8.self)
                == #"{"type":"article","id":"00112233445566778899aabbccddeeff","bytes":65537}"#)
        #expect(try house.dealer().ask("FETCH", #"{"after":1}"#).records.first?.text.utf8.count == 65537)
    }

    @Test func `a server that drains says BYE with its last record`() throws {
        let house = try LogHouse()
        let peer = try RawPeer(.sub, house.context, house.feedEndpoint, keeping: house)
        _ = try next(peer, "!head")
        try house.append(count: 3)
        house.stop()
        let bye = try next(peer, "!bye")
        #expect(PositionFrame(bye[1])?.kind == .bye)
        #expect(PositionFrame(bye[1])?.position.seq == 3)
    }

    @Test func `answers to those who wait go out before the feed tells`() throws {
        let house = try LogHouse()
        let feed = try RawPeer(.sub, house.context, house.feedEndpoint, keeping: house)
        _ = try next(feed, "!head")
        let peer = try house.dealer()
        try peer.send("FETCH", #"{"wait_ms":30000}"#)
        #expect(try peer.ask("PING", id: "p").id == "p")
        try house.append(count: 1)
        _ = try next(feed, "art/bbc/en/")
        // Whoever hears of a record on the feed finds it in the log.
        #expect(try house.dealer().ask("FETCH").seqs == [1])
        #expect(try peer.answer().seqs == [1])
    }

    @Test func `a subscriber of the client passes over what is not of this protocol`() throws {
        let house = try LogHouse()
        let subscriber = try FeedSubscriber(context: house.context, endpoint: house.feedEndpoint, topics: ["art/"])
        func receive() throws -> (topic: String, frame: PositionFrame, body: [UInt8])? {
            _ = try Poller.poll([subscriber.readable], timeout: .seconds(5))
            return try subscriber.receive()
        }
        #expect(try receive()?.topic == "!head")
        try house.append(count: 1, topic: "file/a/published/")
        try house.append(count: 1, topic: "art/a/en/")
        #expect(try eventually { try receive()?.topic == "art/a/en/" })
    }
}
