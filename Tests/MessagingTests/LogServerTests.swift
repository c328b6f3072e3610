import Articles
import Linux
import SQLite
import Synchronization
import TestSupport
import Testing
import ZeroMQ

@testable import Messaging

@Suite struct LogServerTests {
    // MARK: HELLO, PING, envelope

    @Test(arguments: [Socket.Kind.req, .dealer], ["ipc", "tcp"])
    func `a server greets by REQ and DEALER, on ipc and tcp`(kind: Socket.Kind, transport: String) throws {
        let house = try LogHouse()
        try house.append(count: 3)
        let peer = try RawPeer(
            kind, house.context, transport == "ipc" ? house.endpoint : house.tcpEndpoint, keeping: house)
        #expect(try eventually { try peer.ask("PING")["head"] == .integer(3) })
        let hello = try peer.ask("HELLO", #"{"client":"test/1","want":[1,2]}"#, id: "abc")
        #expect(hello.isOK && hello.id == "abc" && hello.version == "DW1")
        #expect(hello["version"] == .integer(1))
        #expect(hello["stream"]?.stringValue == house.log.stream.description)
        #expect(hello["epoch"] == .integer(1))
        #expect(hello["epochs"] == .array([.array([.integer(1), .integer(1)])]))
        #expect(hello["low"] == .integer(1))
        #expect(hello["head"] == .integer(3))
        #expect(hello["feed"] == .array([.string(house.feedEndpoint)]))
        for member in ["max", "max_bytes", "max_wait_ms", "heartbeat_ms"] {
            #expect(hello[member]?.integerValue ?? 0 > 0)
        }
        #expect(hello["boot"]?.stringValue?.utf8.count == 36)
        #expect(hello["server"]?.stringValue?.hasPrefix("dropwire/") == true)
    }

    @Test func `a client that wants another version only gets 505`() throws {
        let house = try LogHouse()
        let peer = try house.dealer()
        let reply = try peer.ask("HELLO", #"{"want":[2]}"#)
        #expect(reply.code == 505)
        #expect(reply["supported"] == .array([.integer(1)]))
        #expect(try peer.ask("PING", version: "DW9").code == 505)
    }

    @Test func `what is malformed gets 400, what is unknown 404, and what is not DW nothing`() throws {
        let house = try LogHouse()
        let peer = try house.dealer()
        for (command, json) in [
            ("PING", "[]"), ("PING", "nonsense"), ("PING", ""), ("HELLO", "{"), ("SEEK", "{}"),
            ("SEEK", #"{"at":"middle"}"#), ("SEEK", #"{"at":{"time":1}}"#), ("FETCH", #"{"after":-1}"#),
            ("FETCH", #"{"max":0}"#), ("FETCH", #"{"max_bytes":0}"#), ("FETCH", #"{"wait_ms":-1}"#),
            ("FETCH", #"{"stream":"x"}"#), ("FETCH", #"{"topics":"art/"}"#), ("FETCH", #"{"topics":["\u0000"]}"#),
            ("FETCH", "{\"topics\":[\"\(String(repeating: "x", count: 201))\"]}"), ("COMMIT", "{}"),
            ("COMMIT", #"{"consumer":"","after":0}"#), ("CLAIM", #"{"group":"g"}"#),
            ("CLAIM", #"{"group":"g","owner":"","create":{}}"#),
            ("CLAIM", #"{"group":"g","owner":"o","lease_ms":0,"create":{}}"#),
            ("CLAIM", #"{"group":"g","owner":"o","create":{"from":"middle"}}"#),
            ("CLAIM", #"{"group":"g","owner":"o","create":{"from":99}}"#),
            ("CLAIM", #"{"group":"g","owner":"o","create":{"max_attempts":0}}"#),
            ("CLAIM", #"{"group":"g","owner":"o","create":{"topics":["a\nb"]}}"#),
            ("GROUP", #"{"action":"pause"}"#),
        ] {
            let reply = try peer.ask(command, json, id: "bad")
            #expect(reply.code == 400, "\(command) \(json): \(reply)")
            #expect(reply["name"]?.stringValue == "BAD_REQUEST")
            #expect(reply["msg"]?.stringValue?.isEmpty == false)
            #expect(reply.id == "bad")
        }
        for (command, json, name) in [
            ("NONSENSE", "{}", "UNKNOWN_COMMAND"), ("ping", "{}", "UNKNOWN_COMMAND"),
            ("CLAIM", #"{"group":"g","owner":"o"}"#, "UNKNOWN_GROUP"), ("GROUP", #"{"group":"g"}"#, "UNKNOWN_GROUP"),
            ("DONE", #"{"group":"g","owner":"o","seqs":[1]}"#, "UNKNOWN_GROUP"),
            ("FETCH", #"{"stream":"00112233-4455-6677-8899-aabbccddeeff"}"#, "UNKNOWN_STREAM"),
        ] {
            let reply = try peer.ask(command, json)
            #expect(reply.code == 404 && reply["name"]?.stringValue == name, "\(command) \(json): \(reply)")
        }
        try peer.send("PING", id: "silent", version: "XX1")
        try peer.send([[]])
        try peer.send([Array("DW1".utf8)])
        #expect(try peer.answer().code == 400)
        // The answer to PING is the first thing that comes after: the foreign frames got none.
        #expect(try peer.ask("PING", id: "loud").id == "loud")
    }

    @Test func `nine frames and a json frame over 64 KiB get 413, and the peer is served on`() throws {
        let house = try LogHouse()
        let peer = try house.dealer()
        let head = ["DW1", "PING", "r", "{}"].map { Array($0.utf8) }
        try peer.send(head + [[5], [6], [7], [8]])
        #expect(try peer.answer().isOK)
        try peer.send(head + [[5], [6], [7], [8], [9]])
        #expect(try peer.answer().code == 413)
        try peer.send(head + [[UInt8]](repeating: [1], count: 5000))
        #expect(try peer.answer().code == 413)
        let big = "{\"x\":\"\(String(repeating: "x", count: 64 << 10))\"}"
        #expect(try peer.ask("PING", big).code == 413)
        #expect(try peer.ask("PING").isOK)
    }

    @Test func `a frame over 1 MiB costs its peer the connection and nobody else anything`() throws {
        let house = try LogHouse()
        let hostile = try house.dealer()
        let other = try house.dealer()
        #expect(try other.ask("PING").isOK)
        try hostile.send(["DW1", "PING", "r", "{}"].map { Array($0.utf8) } + [[UInt8](repeating: 1, count: 2 << 20)])
        #expect(try other.ask("PING").isOK)
        // It reconnects; what it sent is gone.
        #expect(try eventually { try hostile.ask("PING", id: "again").id == "again" })
    }

    // MARK: SEEK

    @Test func `SEEK gives cursors to the beginning, the end and a time`() throws {
        let house = try LogHouse()
        let positions = try house.append(count: 5)
        let peer = try house.dealer()
        #expect(try eventually { try peer.ask("PING")["head"] == .integer(5) })
        func after(_ json: String) throws -> Int64? {
            let reply = try peer.ask("SEEK", json)
            #expect(reply["stream"]?.stringValue == house.log.stream.description)
            #expect(reply["epoch"] == .integer(1))
            return reply["after"]?.integerValue
        }
        #expect(try after(#"{"at":"first"}"#) == 0)
        #expect(try after(#"{"at":"end"}"#) == 5)
        #expect(try after(#"{"at":{"time_ms":0}}"#) == 0)
        #expect(try after(#"{"at":{"time_ms":\#(positions[0].timeMilliseconds)}}"#) == 0)
        #expect(try after(#"{"at":{"time_ms":\#(positions[4].timeMilliseconds + 1)}}"#) == 5)
        #expect(try house.log.trim(before: .max, notPast: 2) == 2)
        #expect(try after(#"{"at":"first"}"#) == 2)
    }

    @Test func `a cursor from SEEK is never behind what FETCH knows`() throws {
        let house = try LogHouse()
        try house.append(count: 2)
        let peer = try house.dealer()
        #expect(try eventually { try peer.ask("PING")["head"] == .integer(2) })
        // Committed, and not published yet: the owner is between COMMIT and publish.
        try house.connection.transaction {
            for _ in 0..<3 { _ = try house.log.append(topic: Topic(stored: "art/a/en/"), record: [0x7b, 0x7d]) }
        }
        try house.connection.execute("UPDATE log SET time_ms=time_ms+1000000 WHERE seq=5")
        let seek = try peer.ask("SEEK", #"{"at":{"time_ms":\#(Clocks.wallMilliseconds() + 500_000)}}"#)
        #expect(seek["after"] == .integer(2))
    }

    // MARK: FETCH

    @Test func `FETCH gives batches in order, with positions and the bytes that were appended`() throws {
        let house = try LogHouse()
        let positions = try house.append(count: 25)
        let peer = try house.dealer()
        #expect(try eventually { try peer.ask("PING")["head"] == .integer(25) })
        var cursor = #"{"max":10}"#
        var seen: [UInt64] = []
        for count in [10, 10, 5] {
            let reply = try peer.ask("FETCH", cursor)
            #expect(reply["count"] == .integer(Int64(count)))
            #expect(reply["low"] == .integer(1))
            #expect(reply["head"] == .integer(25))
            #expect(reply.frames.count == 4 + 2 * count)
            for record in reply.records {
                #expect(record.position == positions[Int(record.position.seq) - 1])
                #expect(record.text == "{\"v\":1,\"type\":\"article\",\"n\":\(record.position.seq - 1)}")
            }
            seen += reply.seqs
            let next = try #require(reply["next"])
            #expect(next["time_ms"]?.integerValue == reply.records.last?.position.timeMilliseconds)
            cursor = """
                {"stream":"\(house.log.stream)","epoch":1,"after":\(reply.next),\
                "time_ms":\(next["time_ms"]?.integerValue ?? 0),"max":10}
                """
        }
        #expect(seen == Array(1...25))
        let end = try peer.ask("FETCH", cursor)
        #expect(end["count"] == .integer(0) && end.next == 25)
    }

    @Test func `topics filter, and the cursor moves over what they leave out`() throws {
        let house = try LogHouse()
        try house.append(count: 3, topic: "art/bbc/en/")
        try house.append(count: 2, topic: "art/bbc-sport/en/")
        try house.append(count: 2, topic: "file/bbc/published/")
        let peer = try house.dealer()
        #expect(try eventually { try peer.ask("PING")["head"] == .integer(7) })
        let some = try peer.ask("FETCH", #"{"topics":["art/bbc/"]}"#)
        #expect(some.seqs == [1, 2, 3] && some.next == 7)
        #expect(try peer.ask("FETCH", #"{"topics":["art/bbc/","file/"]}"#).seqs == [1, 2, 3, 6, 7])
        let none = try peer.ask("FETCH", #"{"topics":["match/"]}"#)
        #expect(none.seqs.isEmpty && none.next == 7 && none["count"] == .integer(0))
    }

    @Test(arguments: [8 << 20, 0])
    func `max_bytes bounds a reply, but one record comes always`(ringBytes: Int) throws {
        let house = try LogHouse { $0.ringBytes = ringBytes }
        try house.append([String](repeating: String(repeating: "x", count: 1000), count: 6))
        let peer = try house.dealer()
        #expect(try eventually { try peer.ask("PING")["head"] == .integer(6) })
        #expect(try peer.ask("FETCH", #"{"max_bytes":2999}"#).seqs == [1, 2])
        #expect(try peer.ask("FETCH", #"{"max_bytes":3000}"#).seqs == [1, 2, 3])
        #expect(try peer.ask("FETCH", #"{"max_bytes":1}"#).seqs == [1])
        #expect(try peer.ask("FETCH", #"{"max":99999}"#).seqs.count == 6)
    }

    @Test func `a FETCH that waits is answered by what matches, and by nothing else`() throws {
        let house = try LogHouse()
        let peer = try house.dealer()
        try peer.send("FETCH", #"{"wait_ms":30000,"topics":["art/bbc/"]}"#, id: "bbc")
        try peer.send("FETCH", #"{"wait_ms":30000}"#, id: "all")
        #expect(try peer.ask("PING", id: "p").id == "p")
        try house.append(count: 1, topic: "file/x/published/")
        let all = try peer.answer()
        #expect(all.id == "all" && all.seqs == [1])
        #expect(try peer.ask("PING", id: "q").id == "q")
        try house.append(count: 2)
        let bbc = try peer.answer()
        #expect(bbc.id == "bbc" && bbc.seqs == [2, 3])
    }

    @Test func `a FETCH that waits in vain is answered at its time with the head as its next`() throws {
        let house = try LogHouse()
        let peer = try house.dealer()
        let start = ContinuousClock.now
        try peer.send("FETCH", #"{"wait_ms":300,"topics":["art/none/"]}"#)
        try house.append(count: 4)
        let reply = try peer.answer()
        #expect(ContinuousClock.now - start >= .milliseconds(300))
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(reply["count"] == .integer(0) && reply.next == 4)
    }

    @Test func `a fifth request of a peer gets 429 while four wait, and the others are served`() throws {
        let house = try LogHouse()
        let peer = try house.dealer()
        for index in 1...4 { try peer.send("FETCH", #"{"wait_ms":30000}"#, id: "\(index)") }
        let fifth = try peer.ask("FETCH", #"{"wait_ms":30000}"#, id: "5")
        #expect(fifth.code == 429 && fifth.id == "5")
        #expect(fifth["retry_ms"]?.integerValue ?? 0 > 0)
        #expect(try house.dealer().ask("PING").isOK)
        try house.append(count: 1)
        #expect(Set(try (0..<4).map { _ in try peer.answer().id }) == ["1", "2", "3", "4"])
        #expect(try peer.ask("PING").isOK)
    }

    @Test func `no answer to a peer that reads is dropped, however fast the peers ask`() throws {
        let house = try LogHouse()
        try house.append(count: 10)
        let answered = Atomic<Int>(0)
        let threads = try (0..<3).map { _ in
            let (context, endpoint) = (house.context, house.endpoint)
            return try SystemThread(name: "asker") {
                guard let peer = try? RawPeer(.dealer, context, endpoint) else { return }
                // Four at a time, which is what a peer may have outstanding.
                for _ in 0..<4 { try? peer.send("FETCH") }
                for _ in 0..<3000 {
                    guard (try? peer.receive(within: .seconds(5))) != nil else { return }
                    answered.add(1, ordering: .relaxed)
                    try? peer.send("FETCH")
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(answered.load(ordering: .relaxed) == 9000)
    }

    // MARK: Cursors that do not fit

    @Test func `a stale cursor gets 409, 410 or 416 with what helps`() throws {
        let house = try LogHouse()
        let positions = try house.append(count: 10)
        let peer = try house.dealer()
        #expect(try eventually { try peer.ask("PING")["head"] == .integer(10) })
        let stream = house.log.stream
        let epoch = try peer.ask("FETCH", #"{"stream":"\#(stream)","epoch":2,"after":3}"#)
        #expect(epoch.code == 409 && epoch["name"]?.stringValue == "EPOCH")
        #expect(epoch["epochs"] == .array([.array([.integer(1), .integer(1)])]))
        #expect(epoch["low"] == .integer(1) && epoch["head"] == .integer(10))
        let time = positions[2].timeMilliseconds
        #expect(
            try peer.ask("FETCH", #"{"stream":"\#(stream)","epoch":1,"after":3,"time_ms":\#(time + 1)}"#).code == 409)
        #expect(try peer.ask("FETCH", #"{"stream":"\#(stream)","epoch":1,"after":3,"time_ms":\#(time)}"#).isOK)
        #expect(try peer.ask("FETCH", #"{"stream":"\#(stream)","epoch":1,"after":3,"time_ms":0}"#).isOK)
        let ahead = try peer.ask("FETCH", #"{"stream":"\#(stream)","epoch":1,"after":11}"#)
        #expect(ahead.code == 416 && ahead["head"] == .integer(10) && ahead["name"]?.stringValue == "AHEAD")
        #expect(try peer.ask("FETCH", #"{"after":18446744073709551615}"#).code == 416)
        #expect(try peer.ask("COMMIT", #"{"consumer":"c","after":11}"#).code == 416)

        #expect(try house.log.trim(before: .max, notPast: 4) == 4)
        let expired = try peer.ask("FETCH", #"{"stream":"\#(stream)","epoch":1,"after":3}"#)
        #expect(expired.code == 410 && expired["name"]?.stringValue == "EXPIRED")
        #expect(expired["low"] == .integer(5) && expired["head"] == .integer(10))
        #expect(try peer.ask("FETCH", #"{"stream":"\#(stream)","epoch":1,"after":0}"#).code == 410)
        // Without a stream, 0 is the oldest retained; and the cursor just before it has lost nothing.
        #expect(try peer.ask("FETCH", #"{"max":1}"#).seqs == [5])
        #expect(try peer.ask("FETCH", #"{"stream":"\#(stream)","epoch":1,"after":4,"max":1}"#).seqs == [5])
    }

    @Test func `after a restored log old cursors are told all epochs, and old records keep theirs`() throws {
        let house = try LogHouse()
        try house.append(count: 4)
        try house.connection.execute("INSERT INTO epoch(epoch, first_seq) VALUES (2, 4); DELETE FROM log WHERE seq=4")
        let again = try ArticleLog(connection: house.connection)
        #expect(again.epoch == 2)
        try house.connection.transaction {
            _ = try again.append(topic: Topic(stored: "art/a/en/"), record: [0x7b, 0x7d])
        }
        try house.restart()
        let peer = try house.dealer()
        let reply = try peer.ask("FETCH", #"{"stream":"\#(again.stream)","epoch":1,"after":4}"#)
        #expect(reply.code == 409)
        #expect(
            reply["epochs"] == .array([.array([.integer(1), .integer(1)]), .array([.integer(2), .integer(4)])]))
        let all = try peer.ask("FETCH", #"{"stream":"\#(again.stream)","epoch":2,"after":0}"#)
        #expect(all.records.map(\.position.epoch) == [1, 1, 1, 2])
        #expect(all["next"]?["epoch"] == .integer(2))
    }

    // MARK: Ring, mailbox, restart

    @Test func `records are read from disk where the ring has lost them`() throws {
        let house = try LogHouse { $0.ringBytes = 2000 }
        try house.append(count: 500)
        let peer = try house.dealer()
        #expect(try eventually { try peer.ask("PING")["head"] == .integer(500) })
        let old = try peer.ask("FETCH", #"{"max":3}"#)
        #expect(old.seqs == [1, 2, 3])
        let new = try peer.ask("FETCH", #"{"after":498,"max":3}"#)
        #expect(new.seqs == [499, 500])
    }

    @Test func `a flood beyond the mailbox is served from disk, and whoever waits hears of it`() throws {
        let house = try LogHouse { $0.mailboxBytes = 1000 }
        let peer = try house.dealer()
        try peer.send("FETCH", #"{"wait_ms":30000,"topics":["file/"]}"#, id: "w")
        #expect(try peer.ask("PING").isOK)
        try house.connection.transaction {
            _ = try house.log.append(topic: Topic(stored: "file/a/published/"), record: [0x7b, 0x7d])
            for _ in 0..<200 { _ = try house.log.append(topic: Topic(stored: "art/a/en/"), record: [0x7b, 0x7d]) }
        }
        house.server.publish(house.log.takeAppended())
        let woken = try peer.answer()
        #expect(woken.id == "w" && woken.seqs == [1])
        #expect(try peer.ask("FETCH", #"{"max":1000}"#).seqs == Array(1...201))
    }

    @Test func `a server that restarts serves the same log from its first answer on`() throws {
        let house = try LogHouse()
        try house.append(count: 7)
        let peer = try house.dealer()
        #expect(try eventually { try peer.ask("PING")["head"] == .integer(7) })
        let boot = try peer.ask("HELLO")["boot"]
        try house.restart()
        let other = try house.dealer()
        let hello = try other.ask("HELLO")
        #expect(hello["head"] == .integer(7))
        #expect(hello["boot"] != boot)
        #expect(try other.ask("FETCH").seqs == Array(1...7))
        try house.append(count: 1)
        #expect(try eventually { try other.ask("FETCH", #"{"after":7}"#).seqs == [8] })
    }

    @Test func `who waits at the end hears 503 STOPPING`() throws {
        let house = try LogHouse()
        let peer = try house.dealer()
        try peer.send("FETCH", #"{"wait_ms":30000}"#)
        #expect(try peer.ask("PING", id: "p").isOK)
        house.stop()
        let reply = try peer.answer()
        #expect(reply.code == 503 && reply["name"]?.stringValue == "STOPPING")
    }

    @Test func `consumers' positions are shown and may go back, as after a restored log`() throws {
        let house = try LogHouse()
        try house.append(count: 9)
        let peer = try house.dealer()
        #expect(try eventually { try peer.ask("PING")["head"] == .integer(9) })
        #expect(try peer.ask("COMMIT", #"{"consumer":"index","after":8}"#).isOK)
        #expect(eventually { house.server.consumers["index"] == 8 })
        #expect(try peer.ask("COMMIT", #"{"consumer":"index","after":5}"#).isOK)
        #expect(eventually { house.server.consumers["index"] == 5 })
        try house.restart()
        #expect(eventually { house.server.consumers["index"] == 5 })
    }
}

@Suite struct EndpointTests {
    @Test(arguments: [
        "tcp://0.0.0.0:5555", "tcp://*:5555", "tcp://192.168.1.2:5555", "tcp://[::]:5555", "tcp://example.org:5555",
    ])
    func `nothing is bound beyond loopback`(text: String) {
        let problem = #expect(throws: Endpoint.Problem.self) { try Endpoint(binding: text) }
        #expect(problem?.description.contains("CURVE") == true)
        #expect(throws: Never.self) { try Endpoint(connecting: "tcp://192.168.1.2:5555") }
    }

    @Test func `the path of an ipc endpoint has at most 107 bytes`() throws {
        let path = "/" + String(repeating: "x", count: 106)
        #expect(try Endpoint(binding: "ipc://\(path)").ipcPath == path)
        #expect(throws: Endpoint.Problem.self) { try Endpoint(binding: "ipc://\(path)x") }
    }

    @Test(arguments: ["ipc://relative", "ipc://", "tcp://127.0.0.1", "tcp://127.0.0.1:99999", "udp://x:1", "", "/x"])
    func `what is no endpoint is refused`(text: String) {
        #expect(throws: Endpoint.Problem.self) { try Endpoint(binding: text) }
    }

    @Test func `a second server on the same path is refused, and the first one serves on`() throws {
        let house = try LogHouse()
        let other = try ScratchDirectory()
        #expect(throws: BoundEndpoint.InUse.self) {
            try LogHouse(directory: other, context: house.context) { configuration in
                configuration.log = [try! Endpoint(binding: house.endpoint)]
            }
        }
        #expect(try house.dealer().ask("PING").isOK)
    }

    @Test func `a socket is for its owner and group, and goes with its server`() throws {
        let house = try LogHouse()
        #expect(try fileMode(house.directory.path("log")) == 0o660)
        house.stop()
        #expect(throws: SystemError.self) { try fileMode(house.directory.path("log")) }
    }
}
