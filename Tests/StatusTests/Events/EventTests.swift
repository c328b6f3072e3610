import Articles
import Foundation
import Messaging
import TestSupport
import Testing

@testable import Status

@Suite(.timeLimit(.minutes(10))) struct EventTests {
    @Test func `the overview comes first, then what happens, as it happens`() throws {
        let service = try RunningStatus()
        let listener = try EventListener(port: service.port)
        let first = try listener.next()
        #expect(first.name == "snapshot")
        #expect(first.data["articles"]?.integerValue == 0)
        #expect(first.data["stages"]?.arrayValue?.count == 5)
        try service.publish([article("Rates rise", path: "r.txt")], files: [file("r.txt", seq: 1)])
        let news = try listener.next("article")
        #expect(news.data["title"]?.stringValue == "Rates rise")
        #expect(news.data["source"]?.stringValue == "reuters")
        let closed = try listener.next("file")
        #expect(closed.data["path"]?.stringValue == "r.txt" && closed.data["outcome"]?.stringValue == "published")
        var row = result(1)
        row.stream = service.log.stream.description
        _ = try service.report([row])
        let found = try listener.next("result")
        #expect(found.data["kind"]?.stringValue == "deduplicate" && found.data["verdict"]?.stringValue == "unique")
        // With the article as it is now.
        #expect(found.data["article"]?["verdict"]?.stringValue == "unique")
        #expect(found.data["article"]?["title"]?.stringValue == "Rates rise")
        // What has changed of the overview, and nothing else.
        var articles: Int64?
        while articles != 1 {
            let status = try listener.next("status")
            articles = status.data["articles"]?.integerValue ?? articles
            #expect(status.data["version"] == nil && status.data["quarantine"] == nil)
            #expect(status.data["time"] != nil)
        }
    }

    @Test func `who comes back gets what he missed, once, also from a service that was restarted`() throws {
        let scratch = try ScratchDirectory()
        let service = try RunningStatus(scratch: scratch)
        let listener = try EventListener(port: service.port)
        _ = try listener.next("snapshot")
        try service.publish([article("One", path: "1.txt")])
        _ = try listener.next("article")
        let place = try #require(listener.lastID)
        try service.publish([article("Two", path: "2.txt"), article("Three", path: "3.txt")])
        let back = try EventListener(port: service.port, lastID: place)
        #expect(try back.next("snapshot", "article").data["title"]?.stringValue == "Two")
        #expect(try back.next("snapshot", "article").data["title"]?.stringValue == "Three")
        // Since what has changed of the overview was missed, too, it comes whole.
        let status = try back.next("status")
        #expect(status.data["version"] != nil && status.data["articles"]?.integerValue == 3)
        service.stop()
        let again = try RunningStatus(scratch: scratch)
        let later = try EventListener(port: again.port, lastID: place)
        #expect(try later.next("snapshot", "article").data["title"]?.stringValue == "Two")
        try again.publish([article("Four", path: "4.txt")])
        #expect(try later.next("snapshot", "article").data["title"]?.stringValue == "Three")
        #expect(try later.next("snapshot", "article").data["title"]?.stringValue == "Four")
    }

    @Test(arguments: ["", "1.2.3", "0f0e0d0c-1.0.0.0.0", "x.1.1.1.99999999999999999999", "\u{1b}[31m", "a.b.c.d.e"])
    func `an id that says nothing here is answered with the overview`(id: String) throws {
        let service = try RunningStatus()
        try service.publish([article("One")])
        // An id may be all that HTTP lets through; of the rest the server itself says that it is none.
        guard !id.utf8.contains(where: { $0 < 0x20 }) else {
            #expect(throws: EventListener.Failure.self) { try EventListener(port: service.port, lastID: id) }
            return
        }
        #expect(try EventListener(port: service.port, lastID: id).next().name == "snapshot")
    }

    @Test func `who is too far behind gets the overview, and a burst is told in short`() throws {
        let service = try RunningStatus()
        let listener = try EventListener(port: service.port)
        _ = try listener.next("snapshot")
        let place = try #require(listener.lastID)
        try service.publish((1...1100).map { article("Article \($0)", path: "\($0).txt") })
        let back = try EventListener(port: service.port, lastID: place)
        #expect(try back.next().name == "snapshot")
        let skipped = try listener.next("skipped")
        #expect(skipped.data["of"]?.stringValue == "articles")
        #expect((skipped.data["at_most"]?.integerValue ?? 0) > 0)
        while try listener.next("article").data["title"]?.stringValue != "Article 1100" {}
    }

    @Test func `only what is asked for comes`() throws {
        let service = try RunningStatus()
        let listener = try EventListener(port: service.port, query: "?events=article,result&source=ap&kind=summarize")
        // There is no event to begin with, so the place comes alone; a second client shows that it has come.
        _ = try EventListener(port: service.port).next("snapshot")
        try service.publish([article("Not this", path: "1"), article("This", path: "2", source: "ap")])
        let first = try listener.next()
        #expect(first.name == "article" && first.data["title"]?.stringValue == "This")
        for kind in ["deduplicate", "summarize"] {
            for seq in [UInt64(1), 2] {
                var row = result(seq, kind: kind)
                row.stream = service.log.stream.description
                _ = try service.report([row], kind: kind)
            }
        }
        let second = try listener.next()
        #expect(second.name == "result" && second.data["kind"]?.stringValue == "summarize")
        #expect(second.data["seq"]?.integerValue == 2)
        let refused = try service.get("/api/v1/events?events=article,nothing")
        #expect(refused.status == 400)
        #expect(try refused.json()["parameter"]?.stringValue == "events")
        let many = (0...100).map { "source=\($0)" }.joined(separator: "&")
        #expect(try service.get("/api/v1/events?\(many)").status == 400)
    }

    @Test func `what is withdrawn is told, and its words are not`() throws {
        let service = try RunningStatus()
        let listener = try EventListener(port: service.port)
        _ = try listener.next("snapshot")
        let place = try #require(listener.lastID)
        try service.publish([article("Secret headline", uri: "urn:1", version: "1")])
        _ = try listener.next("article")
        var canceled = article("", uri: "urn:1", version: "2", status: .canceled)
        canceled.editorialNote = "Legal reasons."
        try service.publish([canceled])
        let kill = try listener.next("kill")
        #expect(kill.data["uri"]?.stringValue == "urn:1" && kill.data["source"]?.stringValue == "reuters")
        // Whoever comes later is told of the kill only.
        let back = try EventListener(port: service.port, lastID: place)
        #expect(try back.next("article", "kill", "status").name == "kill")
        #expect(try back.next("article", "status").name == "status")
    }

    @Test func `troubles are told when they begin and when they end`() throws {
        let service = try RunningStatus()
        let listener = try EventListener(port: service.port, query: "?events=trouble,snapshot")
        _ = try listener.next("snapshot")
        service.board.setTrouble("store", "The disk is full")
        let began = try listener.next("trouble")
        #expect(began.data["state"]?.stringValue == "began" && began.data["text"]?.stringValue == "The disk is full")
        service.board.setTrouble("store", nil)
        #expect(try listener.next("trouble").data["state"]?.stringValue == "ended")
    }

    @Test func `a HEAD has no events, and the stream is not kept by anybody`() throws {
        let service = try RunningStatus()
        let head = try service.get("/api/v1/events", method: "HEAD")
        #expect(head.status == 200 && head.headers["content-type"] == "text/event-stream")
        #expect(try service.get("/api/v1/events", method: "POST").status == 405)
    }
}
