import Articles
import Foundation
import Messaging
import TestSupport
import Testing

@testable import Status

@Suite(.timeLimit(.minutes(10))) struct APIListTests {
    private func texts(_ reply: WebReply, _ list: String, _ member: String) throws -> [String] {
        (try reply.json()[list]?.arrayValue ?? []).compactMap { $0[member]?.stringValue }
    }

    @Test func `articles are paged forth and back, by cursor and by link`() throws {
        let service = try RunningStatus()
        try service.publish((1...7).map { article("Article \($0)", path: "\($0).txt") })
        let first = try service.get("/api/v1/articles?limit=3&source=reuters")
        #expect(try texts(first, "articles", "title") == ["Article 7", "Article 6", "Article 5"])
        let next = try #require(try first.json()["next"]?.stringValue)
        #expect(first.headers["link"] == "</api/v1/articles?limit=3&source=reuters&cursor=\(next)>; rel=\"next\"")
        #expect(try first.json()["prev"] == nil)
        let second = try service.get("/api/v1/articles?limit=3&source=reuters&cursor=\(next)")
        #expect(try texts(second, "articles", "title") == ["Article 4", "Article 3", "Article 2"])
        let previous = try #require(try second.json()["prev"]?.stringValue)
        let back = try service.get("/api/v1/articles?limit=3&source=reuters&cursor=\(previous)")
        #expect(try texts(back, "articles", "title") == ["Article 7", "Article 6", "Article 5"])
        #expect(second.headers["link"]?.contains("rel=\"prev\"") == true)
        #expect(try texts(service.get("/api/v1/articles?path=3"), "articles", "title") == ["Article 3"])
        #expect(try texts(service.get("/api/v1/articles?source=none"), "articles", "title") == [])
        #expect(try texts(service.get("/api/v1/articles?work=index:missing&limit=2"), "articles", "title").count == 2)
        let wrong = try service.get("/api/v1/articles?work=index:maybe")
        #expect(wrong.status == 400)
        #expect(try wrong.json()["parameter"]?.stringValue == "work")
    }

    @Test func `files are listed, asked for one by one, and filtered`() throws {
        let service = try RunningStatus()
        try service.publish(
            [article("A", path: "a.txt")],
            files: [file("a.txt", seq: 1), file("b.txt", .quarantined, code: .noHeadline), file("c.txt", .ignored)])
        let all = try service.get("/api/v1/files")
        #expect(try texts(all, "files", "path") == ["c.txt", "b.txt", "a.txt"])
        #expect(try texts(service.get("/api/v1/files?outcome=quarantined"), "files", "path") == ["b.txt"])
        #expect(try texts(service.get("/api/v1/files?path=a"), "files", "path") == ["a.txt"])
        #expect(try service.get("/api/v1/files?outcome=lost").status == 400)
        let id = try #require(try texts(all, "files", "id").last)
        let one = try service.get("/api/v1/files/\(id)").json()
        #expect(one["file"]?["path"]?.stringValue == "a.txt" && one["file"]?["id"]?.stringValue == id)
        #expect(one["articles"]?.arrayValue?.first?["title"]?.stringValue == "A")
        for wrong in ["1", "x.1.1", "\(service.log.stream).1.999", "\(service.log.stream).1", "..%2f..", "%2e%2e"] {
            #expect(try service.get("/api/v1/files/\(wrong)").status == 404, "\(wrong)")
        }
    }

    @Test func `sources, processes, storage and failures are lists of their own`() throws {
        let service = try RunningStatus()
        try service.publish((1...5).map { article("A \($0)", path: "\($0)", source: "source \($0)") })
        let first = try service.get("/api/v1/sources?limit=2")
        #expect(try texts(first, "sources", "source") == ["source 1", "source 2"])
        let next = try #require(try first.json()["next"]?.stringValue)
        #expect(try texts(service.get("/api/v1/sources?limit=9&cursor=\(next)"), "sources", "source").count == 3)
        #expect(try service.get("/api/v1/processes").json()["processes"]?.arrayValue != nil)
        #expect(try service.get("/api/v1/storage").json()["storage"]?.arrayValue != nil)
        for seq in UInt64(1)...3 {
            var row = result(
                seq, kind: "summarize", .failed, data: ["reason": .string("no words"), "dead": .boolean(seq == 2)])
            row.stream = service.log.stream.description
            row.timeMilliseconds = Int64(seq)
            _ = try service.report([row], kind: "summarize")
        }
        let failures = try service.get("/api/v1/failures?limit=2")
        #expect(try failures.json()["count"]?.integerValue == 3)
        #expect(try failures.json()["failures"]?.arrayValue?.compactMap { $0["seq"]?.integerValue } == [3, 2])
        let place = try #require(try failures.json()["next"]?.stringValue)
        let rest = try service.get("/api/v1/failures?limit=2&cursor=\(place)").json()
        #expect(rest["failures"]?.arrayValue?.compactMap { $0["seq"]?.integerValue } == [1] && rest["next"] == nil)
        let dead = try service.get("/api/v1/failures?dead=true").json()
        #expect(dead["failures"]?.arrayValue?.compactMap { $0["seq"]?.integerValue } == [2])
        #expect(try service.get("/api/v1/failures?dead=yes").status == 400)
        #expect(try service.get("/api/v1/failures?cursor=1-2-3").status == 400)
    }

    @Test func `a record stands there as it is on the log`() throws {
        let service = try RunningStatus()
        let sample = article("Rates rise")
        try service.publish([sample])
        let record = try service.get("/api/v1/articles/\(sample.id)/record")
        #expect(record.status == 200 && record.body == sample.encodeRecord())
        #expect(try service.get("/api/v1/articles/\(String(repeating: "0", count: 32))/record").status == 404)
        // Nobody is there to give the file.
        #expect(try service.get("/api/v1/articles/\(sample.id)/original").status == 404)
    }

    @Test(arguments: [
        ("GET /api/v1/status%zz HTTP/1.1\r\nHost: localhost\r\n", 400),
        ("GET /api/v1/articles?source=%ff HTTP/1.1\r\nHost: localhost\r\n", 400),
        ("GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n", 400),
        ("POST /api/v1/quarantine HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n", 413),
    ])
    func `what is refused before it is looked at is a problem, too`(head: String, status: Int) throws {
        let service = try RunningStatus()
        let reply = try WebReply.ask(port: service.port, head + "Connection: close\r\n\r\n")
        #expect(reply.status == status)
        #expect(reply.headers["content-type"] == "application/problem+json")
        #expect(try reply.json()["status"]?.integerValue == Int64(status))
        #expect(reply.headers["content-security-policy"] != nil)
    }
}
