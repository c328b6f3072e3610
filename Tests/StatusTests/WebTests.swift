import Articles
import Foundation
import HTTP
import Messaging
import TestSupport
import Testing

@testable import Status

@Suite(.timeLimit(.minutes(10))) struct WebTests {
    @Test func `the page and the API answer on an empty store`() throws {
        let service = try RunningStatus()
        let page = try service.get("/")
        #expect(page.status == 200)
        #expect(page.headers["content-type"] == "text/html; charset=utf-8")
        #expect(page.text.contains("No article has come in yet."))
        let status = try service.get("/api/v1/status")
        #expect(status.headers["content-type"] == "application/json")
        let json = try status.json()
        #expect(json["articles"]?.integerValue == 0)
        #expect(
            json["stages"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
                == ["files", "articles", "deduplicate", "index", "summarize"])
        #expect(json["latest"]?.arrayValue?.isEmpty == true)
        #expect(try service.get("/api/v1/articles").json()["articles"]?.arrayValue?.isEmpty == true)
        #expect(try service.get("/api/v1/quarantine").json()["count"]?.integerValue == 0)
        let health = try service.get("/healthz")
        #expect(health.status == 200)
        #expect(health.text == #"{"status":"ok"}"#)
    }

    @Test func `numbers, articles with verdict and summary, and quarantined files are shown`() throws {
        let service = try RunningStatus()
        try service.publish(
            [article("Rates rise & fall")],
            files: [
                file("a.txt", seq: 1),
                file("bad.txt", .quarantined, code: .noHeadline, message: "it has no headline"),
            ])
        var row = result(1)
        row.stream = service.log.stream.description
        _ = try service.report([row])
        row.kind = "summarize"
        row.data = .object(["summary": .array([.string("Rates did <both>.")]), "phrases": .array([.string("rates")])])
        _ = try service.report([row], kind: "summarize")
        let page = try service.get("/").text
        #expect(page.contains("Rates rise &amp; fall"))
        #expect(page.contains("Rates did &lt;both&gt;."))
        #expect(page.contains("<span class=\"verdict unique\"><bdi>unique</bdi></span>"))
        #expect(page.contains("it has no headline"))
        let card = try #require(try service.get("/api/v1/status").json()["latest"]?.arrayValue?.first)
        #expect(card["verdict"]?.stringValue == "unique")
        #expect(card["summary"] == .array([.string("Rates did <both>.")]))
        let id = try #require(card["id"]?.stringValue)
        let whole = try service.get("/api/v1/articles/\(id)").json()
        #expect(whole["article"]?["title"]?.stringValue == "Rates rise & fall")
        #expect(whole["journey"]?["results"]?.arrayValue?.count == 2)
        #expect(whole["journey"]?["files"]?.arrayValue?.first?["path"]?.stringValue == "a.txt")
        let reading = try service.get("/articles/\(id)")
        #expect(reading.status == 200)
        #expect(reading.text.contains("<bdi>Second one.</bdi>"))
        let files = try service.get("/api/v1/quarantine").json()["files"]?.arrayValue
        #expect(files?.first?["code"]?.stringValue == "no_headline")
    }

    @Test func `the page and the API say what is not to be shown, and show nothing of it`() throws {
        let service = try RunningStatus()
        let killed = article("Secret headline", path: "k.json", uri: "urn:1", version: "1")
        let withheld = article("Embarrassing headline", uri: "urn:2", version: "1", status: .withheld)
        let (old, new) = (article("Old", uri: "urn:3", version: "1"), article("New", uri: "urn:3", version: "2"))
        try service.publish([killed, withheld, old, new])
        var row = result(1, kind: "summarize", data: ["summary": .array([.string("Secret sentence.")])])
        row.stream = service.log.stream.description
        _ = try service.report([row], kind: "summarize")
        var canceled = article("", uri: "urn:1", version: "2", status: .canceled)
        canceled.editorialNote = "Legal <reasons>."
        try service.publish([canceled])
        for (article, status, words) in [(killed, 410, "Killed at 2"), (withheld, 404, "withholds this article")] {
            let page = try service.get("/articles/\(article.id)")
            #expect(page.status == status && page.text.contains(words), "\(page.text)")
            #expect(!page.text.contains("headline") && !page.text.contains("sentence"))
            #expect(page.text.contains("on the log"))
            let problem = try service.get("/api/v1/articles/\(article.id)")
            #expect(problem.status == status)
            #expect(try problem.json()["standing"]?.stringValue == (status == 410 ? "killed" : "withheld"))
            let why = try service.get("/api/v1/why?what=\(article.id)")
            #expect(!why.text.contains("headline") && !why.text.contains("sentence"))
        }
        #expect(
            try service.get("/articles/\(killed.id)").text.contains(
                "by &#39;reuters&#39;, with all of its versions: Legal &lt;reasons&gt;."))
        #expect(try service.get("/").text.contains("Secret") == false)
        let superseded = try service.get("/articles/\(old.id)")
        #expect(superseded.status == 200)
        #expect(superseded.text.contains("This is not the current version: <a href=\"/articles/\(new.id)\">"))
        let listed = try service.get("/api/v1/articles").json()["articles"]?.arrayValue
        #expect(listed?.compactMap { $0["title"]?.stringValue } == ["New"])
        #expect(listed?.first?["standing"]?.stringValue == "current" && listed?.first?["version"]?.stringValue == "2")
    }

    @Test func `paths, methods and ids that are not there are told as problems`() throws {
        let service = try RunningStatus()
        for path in [
            "/nothing", "/api/v1/", "/api/v1/articles/", "/api/v1/articles/x", "/api/v1/articles/a/b", "/api/v2/status",
            "/api/v1/articles/\(String(repeating: "0", count: 32))", "/..%2f..%2fetc/passwd",
        ] {
            let reply = try service.get(path)
            #expect(reply.status == 404, "\(path)")
            #expect(reply.headers["content-type"] == "application/problem+json")
            #expect(try reply.json()["status"]?.integerValue == 404)
        }
        #expect(try service.get("/articles/x").status == 404)
        for method in ["POST", "PUT", "DELETE", "PATCH"] {
            let reply = try service.get("/api/v1/status", method: method)
            #expect(reply.status == 405)
            #expect(reply.headers["allow"] == "GET, HEAD, OPTIONS")
        }
        // A page of another site is told nothing by it that would let it in.
        let options = try service.get("/api/v1/status", method: "OPTIONS", headers: "Origin: http://evil.example\r\n")
        #expect(options.status == 204 && options.headers["allow"] == "GET, HEAD, OPTIONS")
        #expect(options.headers.keys.allSatisfy { !$0.hasPrefix("access-control") })
        #expect(try service.get("*", method: "OPTIONS").status == 204)
        for query in [
            "limit=0", "limit=201", "limit=x", "cursor=-1", "cursor=b", "cursor=b1x", "work=x", "from=today",
            "limit=99999999999999999999",
        ] {
            #expect(try service.get("/api/v1/articles?\(query)").status == 400, "\(query)")
        }
        #expect(try service.get("/api/v1/why").status == 400)
    }

    @Test(arguments: ["/", "/api/v1/status", "/page.css", "/nothing"])
    func `HEAD answers as GET does, without the body`(path: String) throws {
        let service = try RunningStatus()
        let head = try service.get(path, method: "HEAD")
        let get = try service.get(path)
        #expect(head.status == get.status)
        #expect(head.body.isEmpty)
        #expect(head.headers["content-type"] == get.headers["content-type"])
        #expect((Int(head.headers["content-length"] ?? "") ?? 0) > 0)
    }

    @Test func `every answer carries the headers that keep it to itself`() throws {
        let service = try RunningStatus()
        for path in ["/", "/api/v1/status", "/page.js", "/nothing", "/search?q=x"] {
            let reply = try service.get(path)
            let policy = try #require(reply.headers["content-security-policy"])
            #expect(policy.hasPrefix("default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'"))
            #expect(!policy.contains("unsafe"))
            #expect(reply.headers["x-content-type-options"] == "nosniff")
            #expect(reply.headers["referrer-policy"] == "same-origin")
            #expect(reply.headers["access-control-allow-origin"] == nil)
        }
        #expect(try service.get("/api/v1/status").headers["cache-control"] == "private, no-cache")
        #expect(try service.get("/nothing").headers["cache-control"] == "no-store")
        #expect(try service.get("/page.css").headers["cache-control"] == "no-cache")
        let kept = try service.get(Asset.address(of: "/page.css"))
        #expect(kept.status == 200 && kept.headers["cache-control"] == "public, max-age=31536000, immutable")
        #expect(try service.get("/page.css?v=000000000000").headers["cache-control"] == "no-cache")
        let asset = try service.get("/page.css")
        let tag = try #require(asset.headers["etag"])
        let again = try service.get("/page.css", headers: "If-None-Match: \(tag)\r\n")
        #expect(again.status == 304)
        #expect(again.body.isEmpty)
    }

    @Test(arguments: ["/", "/api/v1/status", "/api/v1/articles", "/metrics"])
    func `what has not changed is not sent again, and what is long is compressed`(path: String) throws {
        let service = try RunningStatus()
        try service.publish((1...10).map { article("Rates rise \($0)", path: "\($0).txt") })
        let packed = try service.get(path, headers: "Accept-Encoding: gzip\r\n")
        #expect(packed.headers["vary"] == "Accept-Encoding")
        let plain = try service.get(path)
        #expect(plain.headers["content-encoding"] == nil && plain.headers["etag"] != nil)
        if plain.body.count >= 1024 {
            #expect(packed.headers["content-encoding"] == "gzip")
            #expect(packed.body.starts(with: [0x1f, 0x8b]))
            #expect(plain.headers["etag"] != packed.headers["etag"])
        } else {
            #expect(path == "/metrics")
        }
        #expect(try service.get(path, headers: "If-None-Match: \"0\"\r\n").status == 200)
        #expect(try service.get(path, headers: "If-None-Match: *\r\n").status == 304)
        let neither = try service.get(path, headers: "Accept-Encoding: identity;q=0\r\n")
        #expect(neither.status == 406 && neither.headers["content-type"] == "application/problem+json")
        guard path == "/api/v1/articles" else { return }
        let tag = try #require(plain.headers["etag"])
        let again = try service.get(path, headers: "If-None-Match: \(tag)\r\n")
        #expect(again.status == 304 && again.body.isEmpty && again.headers["etag"] == tag)
        try service.publish([article("Another", path: "b.txt")])
        #expect(try service.get(path, headers: "If-None-Match: \(tag)\r\n").status == 200)
    }

    @Test func `a request under another site's name is refused`() throws {
        let service = try RunningStatus()
        for host in [
            "evil.example", "evil.example:8470", "127.0.0.1.evil.example", "localhost.evil", "10.0.0.1", "[::2]",
        ] {
            #expect(try service.get("/api/v1/status", host: host).status == 421, "\(host)")
        }
        for host in ["localhost", "LOCALHOST:8470", "127.0.0.1", "127.0.0.1:\(service.port)", "[::1]:8470"] {
            #expect(try service.get("/api/v1/status", host: host).status == 200, "\(host)")
        }
        let check = HostCheck(names: ["News.Example"])
        func allows(_ host: String?) -> Bool {
            let headers = host.map { [HTTP.Request.Field(name: "Host", value: $0)] } ?? []
            return check.allows(HTTP.Request(method: "GET", path: "/", headers: headers))
        }
        #expect(allows("news.example:443"))
        #expect(!allows(nil))
        #expect(!allows("127.0.0.1.1"))
        #expect(!allows("127.0.0.999"))
    }

    @Test func `hostile articles stay text, on every page and in the API`() throws {
        let service = try RunningStatus()
        let script = #"<script>alert(1)</script><img src=x onerror="alert(2)">"#
        let override = "safe\u{202e}gpj.exe\u{2066}\u{1b}[31m\u{7}"
        let huge = String(repeating: "<b>&'\"", count: 900_000)
        var bad = file(script, .quarantined, message: script)
        bad.code = script
        try service.publish(
            [
                article(script, path: script), article(override, path: "b"), article(huge, path: "c"),
                article("javascript:alert(1)", path: "d", source: "\"><script>alert(3)</script>"),
            ], files: [bad])
        var row = result(1)
        row.stream = service.log.stream.description
        row.data = .object(["verdict": .string(script), "reason": .string(script)])
        _ = try service.report([row])
        var pages = ["/", "/search?q=\(script.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"]
        let listed = try service.get("/api/v1/articles").json()["articles"]?.arrayValue ?? []
        #expect(listed.count == 4)
        #expect(listed.last?["title"]?.stringValue == script)
        pages += listed.compactMap { $0["id"]?.stringValue.map { "/articles/\($0)" } }
        for path in pages {
            let page = try service.get(path)
            #expect(page.body.count < 100_000, "\(path) has \(page.body.count) bytes")
            let text = page.text
            #expect(!text.contains("<script>"))
            #expect(!text.contains("<img"))
            #expect(!text.contains("\u{202e}") && !text.contains("\u{2066}"))
            #expect(!page.body.contains { $0 < 0x20 && $0 != 0x0a && $0 != 0x09 })
        }
        // The API tells the record as it is, escaped as JSON asks; lists show the beginning of a title.
        let titles = listed.compactMap { $0["title"]?.stringValue }
        #expect(titles.contains(override))
        #expect(titles.allSatisfy { $0.count <= ResultStore.longestTitle })
        let long = try #require(listed.first { $0["path"]?.stringValue == "c" }?["id"]?.stringValue)
        let whole = try service.get("/api/v1/articles/\(long)")
        #expect(try whole.json()["article"]?["title"]?.stringValue == huge)
        #expect(try service.get("/api/v1/status").body.count < 100_000)
    }

    @Test func `paging gives every article once while new ones come in`() throws {
        let service = try RunningStatus()
        try service.publish(
            (1...25).map { article("Article \($0)", path: "\($0).txt", source: $0 % 5 == 0 ? "ap" : "dpa") })
        var seen: [String] = []
        var next: String? = ""
        while let place = next {
            let json = try service.get("/api/v1/articles?limit=10\(place.isEmpty ? "" : "&cursor=\(place)")").json()
            seen += (json["articles"]?.arrayValue ?? []).compactMap { $0["title"]?.stringValue }
            next = json["next"]?.stringValue
            if seen.count == 10 { try service.publish([article("Late", path: "late.txt")]) }
        }
        #expect(seen == (1...25).reversed().map { "Article \($0)" })
        let source = try service.get("/api/v1/articles?source=ap&limit=3").json()
        #expect(
            source["articles"]?.arrayValue?.compactMap { $0["title"]?.stringValue }
                == ["Article 25", "Article 20", "Article 15"])
    }

    @Test func `a search goes to the index and comes back, with the place of an error`() throws {
        let scratch = try ScratchDirectory()
        let address = "ipc://" + scratch.path("search.sock")
        let service = try RunningStatus(search: [address])
        let index = try CommandServer(
            name: "search", context: service.context, endpoints: [Endpoint(binding: address)],
            makeHandlers: { ["SEARCH": SearchStub.answer] })
        let running = try Running(index)
        let found = try service.get("/api/v1/search?q=rates%20%C3%A9&limit=5&offset=10&sort=date")
        #expect(found.status == 200)
        #expect(try found.json()["echo"]?.stringValue == "rates é|5|10|date")
        let bad = try service.get("/api/v1/search?q=%28")
        #expect(bad.status == 400)
        #expect(bad.headers["content-type"] == "application/problem+json")
        #expect(try bad.json()["offset"]?.integerValue == 1)
        #expect(try service.get("/api/v1/search?q=x&sort=arrival&cursor=ab-_").json()["cursor"]?.stringValue == "ab-_")
        #expect(try service.get("/api/v1/search?q=x&sort=sideways").status == 400)
        #expect(try service.get("/api/v1/search?q=x&limit=500").status == 400)
        let page = try service.get("/search?q=rates").text
        #expect(page.contains("<mark>&lt;rates&gt;</mark>"))
        #expect(page.contains("href=\"/search?q=rates&amp;offset=1\"><bdi>More"))
        #expect(page.contains("href=\"/search?q=rates&amp;sort=arrival\"><bdi>As they came"))
        #expect(page.contains("&amp;collapse=story\"><bdi>One of each story"))
        let id = String(repeating: "a", count: 32)
        #expect(
            page.contains("href=\"/search?q=story%3A\(id)\"><bdi>2 more of"))
        #expect(try service.get("/api/v1/search?q=x&collapse=day").status == 400)
        let collapsed = try service.get("/search?q=rates&sort=date&collapse=story&recency=7d").text
        #expect(collapsed.contains("sort=date&amp;recency=7d\"><bdi>Each article"))
        running.stop()
        let gone = try service.get("/api/v1/search?q=rates")
        #expect(gone.status == 503)
        #expect(gone.headers["content-type"] == "application/problem+json")
        #expect(try service.get("/search?q=rates").status == 503)
    }

    @Test func `without an index there is no search, and all else is well`() throws {
        let service = try RunningStatus()
        #expect(try service.get("/api/v1/search?q=x").status == 503)
        #expect(try service.get("/healthz").status == 200)
    }
}

enum SearchStub {
    private struct Body: Decodable {
        var q: String
        var limit: Int
        var offset: Int
        var sort: String
        var cursor: String?
    }

    static func answer(_ request: Messaging.Request) throws -> Reply {
        let body = try request.decode(Body.self)
        if body.q == "(" {
            throw WireError.badRequest("a word is missing", fields: ["offset": .integer(1)])
        }
        return Reply(
            json: Array(
                """
                {"total":2,"cursor":"\(body.cursor ?? "")","echo":"\(body.q)|\(body.limit)|\(body.offset)|\(body.sort)","hits":[{"id":"\
                \(String(repeating: "a", count: 32))","title":"T","source":"s","published":"2025-02-26T03:27:00Z","others":2,\
                "snippet":[{"text":"of ","mark":false},{"text":"<rates>","mark":true}]}]}
                """.utf8))
    }
}
