import Articles
import Foundation
import Linux
import Messaging
import TestSupport
import Testing

@testable import Status

@Suite(.timeLimit(.minutes(10))) struct FeedTests {
    /// Prints what a reader of feeds that is not ours makes of a file: a line of JSON.
    private static let reader = """
        import feedparser, json, sys
        f = feedparser.parse(sys.argv[1])
        print(json.dumps({"bozo": bool(f.bozo), "version": f.version, "title": f.feed.title, "self": [l.href for l in
            f.feed.get("links", []) if l.rel == "self"], "updated": f.feed.get("updated", ""), "entries": [{"title": e.title, "id": e.id,
            "link": e.get("link", ""), "published": e.get("published", ""), "text": (e.get("content") or [{"value":
            e.get("summary", "")}])[0]["value"]} for e in f.entries]}))
        """

    private func read(_ reply: WebReply) throws -> JSONValue {
        let scratch = try ScratchDirectory()
        try scratch.write(reply.body, to: "feed")
        let process = try TestedProcess(
            name: "python3", command: ["/usr/bin/python3", "-c", FeedTests.reader, scratch.path("feed")])
        let ending = try process.waitUntilEnded(within: .seconds(60))
        try #require(ending == .exited(0), "\(process.errorOutput)")
        return try JSONValue(json: Array(process.output.utf8))
    }

    @Test(arguments: [("rss", "rss20", "application/rss+xml"), ("atom", "atom10", "application/atom+xml")])
    func `a reader of feeds takes them, whatever stands in the articles`(
        format: String, version: String, type: String
    ) throws {
        let service = try RunningStatus()
        let huge = String(repeating: "<b>&'\"]]>", count: 500_000)
        var linked = article("Linked", path: "l", uri: "urn:x:1")
        linked.url = "https://news.example/a?b=1&c=2"
        var scripted = article("javascript", path: "j")
        scripted.url = "javascript:alert(1)"
        scripted.bodyHTML = "<p onclick=alert(1)>x</p>"
        try service.publish([
            article("Plain & simple", path: "p"), article("<script>alert(1)</script> ]]>", path: "s"),
            article("safe\u{202e}gpj.exe\u{0}\u{1b}[31m\u{85}\u{fffe}", path: "o"), article(huge, path: "h"), linked,
            scripted,
        ])
        let reply = try service.get("/feeds/latest.\(format)")
        #expect(reply.status == 200 && reply.headers["content-type"] == type + "; charset=utf-8")
        #expect(reply.body.count < 200_000)
        let feed = try read(reply)
        #expect(feed["bozo"] == .boolean(false) && feed["version"]?.stringValue == version)
        #expect(feed["self"] == .array([.string("http://localhost/feeds/latest.\(format)")]))
        let entries = feed["entries"]?.arrayValue ?? []
        let titles = entries.compactMap { $0["title"]?.stringValue }
        #expect(titles.count == 6)
        #expect(titles.allSatisfy { $0.count <= 2000 && !$0.contains("\u{202e}") && !$0.contains("\u{1b}") })
        // A title is text, and its markup is markup of nobody.
        #expect(titles.contains("<script>alert(1)</script> ]]>") && !reply.text.contains("<script>"))
        #expect(titles.contains("Plain &amp; simple") || titles.contains("Plain & simple"))
        let links = Set(entries.compactMap { $0["link"]?.stringValue })
        #expect(links.contains("https://news.example/a?b=1&c=2"))
        #expect(links.contains("http://localhost/articles/\(scripted.id)"))
        #expect(!links.contains { $0.hasPrefix("javascript") } && !reply.text.contains("onclick"))
        #expect(entries.contains { $0["id"]?.stringValue == "urn:x:1" })
        #expect(entries.last?["text"]?.stringValue?.contains("First paragraph of Plain") == true)
    }

    @Test func `JSON Feed has what its version asks for`() throws {
        let service = try RunningStatus()
        let sample = article("Rates <rise>", path: "a")
        try service.publish([sample])
        let reply = try service.get("/feeds/source.json?source=reuters", host: "localhost:8470")
        #expect(reply.headers["content-type"] == "application/feed+json")
        let feed = try reply.json()
        #expect(feed["version"]?.stringValue == "https://jsonfeed.org/version/1.1")
        #expect(feed["feed_url"]?.stringValue == "http://localhost:8470/feeds/source.json?source=reuters")
        #expect(feed["home_page_url"]?.stringValue == "http://localhost:8470/articles?source=reuters")
        let item = try #require(feed["items"]?.arrayValue?.first)
        #expect(item["id"]?.stringValue == sample.id.description && item["title"]?.stringValue == "Rates <rise>")
        #expect(item["content_text"]?.stringValue?.hasPrefix("First paragraph") == true && item["content_html"] == nil)
        #expect(item["url"]?.stringValue == "http://localhost:8470/articles/\(sample.id)")
        #expect(try service.get("/feeds/source.json?source=ap").json()["items"]?.arrayValue?.isEmpty == true)
        #expect(try service.get("/feeds/source.json").status == 400)
        #expect(try service.get("/feeds/latest.json?limit=0").status == 400)
        #expect(try service.get("/feeds/latest.xml").status == 404)
    }

    @Test func `a feed has a tag and a time, and what is withdrawn leaves it`() throws {
        let service = try RunningStatus()
        let (one, two) = (article("One", path: "1", uri: "urn:1", version: "1"), article("Two", path: "2"))
        try service.publish([one, two, article("Held back", path: "3", uri: "urn:3", status: .withheld)])
        let before = try service.get("/feeds/latest.atom")
        let tag = try #require(before.headers["etag"])
        #expect(before.text.contains("One") && before.text.contains("Two") && !before.text.contains("Held back"))
        #expect(before.headers["last-modified"]?.hasSuffix(" GMT") == true)
        let known = "If-None-Match: \(tag)\r\nIf-Modified-Since: \(before.headers["last-modified"] ?? "")\r\n"
        #expect(try service.get("/feeds/latest.atom", headers: known).status == 304)
        try service.publish([article("", uri: "urn:1", version: "2", status: .canceled)])
        let after = try service.get("/feeds/latest.atom", headers: known)
        #expect(after.status == 200)
        #expect(!after.text.contains("One") && after.text.contains("Two"))
    }

    @Test func `what a search finds is followed, and what may not be shown is left out`() throws {
        let scratch = try ScratchDirectory()
        let address = "ipc://" + scratch.path("search.sock")
        let service = try RunningStatus(search: [address], scratch: scratch)
        let (shown, killed) = (article("Shown", path: "1"), article("Killed", path: "2", uri: "urn:2", version: "1"))
        let old = article("Of the archive", path: "3")
        try service.publish([shown, killed])
        try service.publish([article("", uri: "urn:2", version: "2", status: .canceled)])
        let ids = [shown.id, killed.id, old.id].map(\.description)
        let archived = old.encodeRecord()
        let index = try CommandServer(
            name: "search", context: service.context, endpoints: [Endpoint(binding: address)],
            makeHandlers: {
                [
                    "SEARCH": { _ in
                        Reply { writer in
                            writer.key("hits")
                            JSONValue.array(ids.map { ["id": .string($0)] }).write(to: &writer)
                        }
                    },
                    "GET": { _ in Reply(payload: [archived]) },
                ]
            })
        try service.run(index)
        let feed = try service.get("/feeds/search.json?q=rates").json()
        #expect(feed["items"]?.arrayValue?.compactMap { $0["title"]?.stringValue } == ["Shown", "Of the archive"])
        #expect(feed["title"]?.stringValue == "Dropwire: rates")
        #expect(try service.get("/feeds/search.rss").status == 400)
        #expect(try service.get("/feeds/saved.rss?name=A%20b").status == 400)
    }
}
