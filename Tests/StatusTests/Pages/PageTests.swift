import Articles
import Foundation
import Messaging
import TestSupport
import Testing

@testable import Status

/// The pages as the server makes them; what a browser makes of them is tested in a browser.
@Suite(.timeLimit(.minutes(10))) struct PageTests {
    @Test func `an article's page has its versions with the differences marked`() throws {
        let service = try RunningStatus()
        var first = article("Strike ends", path: "1.json", uri: "urn:1", version: "1")
        first.body = "The union said that 340 workers had voted.\n\nThe port opens at six."
        first.deriveID()
        var second = article("Strike ends", path: "2.json", uri: "urn:1", version: "2")
        second.body = "The union said that 352 workers had voted.\n\nThe port opens at six. Ferries follow <soon>."
        second.deriveID()
        try service.publish([first, second], files: [file("2.json", seq: 2)])
        let page = try service.get("/articles/\(second.id)").text
        #expect(page.contains("<del>340 </del><ins>352 </ins>"), "\(page)")
        #expect(page.contains("<ins>Ferries follow &lt;soon&gt;.</ins>"), "\(page)")
        #expect(page.contains("2 words added") == false && page.contains("4 words added, 1 word removed"))
        #expect(page.contains("What it added to <bdi>“Strike ends” (reuters, version 1)</bdi>"))
        #expect(page.contains("<a href=\"/articles/\(first.id)\">"))
        #expect(page.contains("<a href=\"/files/2.json\">"))
        let record = try service.get("/articles/\(second.id)/record")
        #expect(record.headers["content-type"] == "application/json")
        #expect(record.body == second.encodeRecord())
    }

    @Test func `names and key phrases lead to a search`() throws {
        let service = try RunningStatus()
        let article = article("Rates rise")
        try service.publish([article])
        var row = result(1, kind: "summarize")
        row.stream = service.log.stream.description
        row.data = .object([
            "summary": .array([.string("They did.")]), "phrases": .array([.string("key rate"), .string("Ann Lee")]),
            "names": .array([.string("Ann Lee")]),
        ])
        _ = try service.report([row], kind: "summarize")
        let page = try service.get("/articles/\(article.id)").text
        #expect(
            page.contains("<b>Names</b> <a class=\"chip\" href=\"/search?q=%22Ann%20Lee%22\"><bdi>Ann Lee</bdi></a>"))
        #expect(page.contains("<a class=\"chip\" href=\"/search?q=%22key%20rate%22\"><bdi>key rate</bdi></a>"))
        #expect(page.ranges(of: "<bdi>Ann Lee</bdi>").count == 1)
    }

    @Test func `a long text is cut, and the page says so`() throws {
        let service = try RunningStatus()
        var (word, lines) = (article("One word", path: "w"), article("Many lines", path: "l"))
        word.body = String(repeating: "x", count: 2_000_000)
        lines.body = (0..<200_000).map { "\($0)" }.joined(separator: "\n\n")
        for var article in [word, lines] {
            article.deriveID()
            try service.publish([article])
            let page = try service.get("/articles/\(article.id)")
            #expect(page.body.count < 100_000, "\(page.body.count)")
            #expect(page.text.contains("the record has all of it"))
        }
    }

    @Test func `a file's page tells each time that it was dropped`() throws {
        let service = try RunningStatus()
        var again = file("in/a b.txt", .duplicate, code: .duplicateContent)
        again.duplicateOf = "other.txt"
        try service.publish(
            [article("Rates rise", path: "in/a b.txt")], files: [file("in/a b.txt", seq: 1), again])
        let page = try service.get("/files/in%2Fa%20b.txt")
        #expect(page.status == 200)
        let (first, last) = (page.text.firstRange(of: "<h2>Duplicate "), page.text.firstRange(of: "<h2>Published "))
        #expect(try #require(first).lowerBound < #require(last).lowerBound)
        #expect(page.text.contains("<bdi>other.txt</bdi>") && page.text.contains("<bdi>Rates rise</bdi>"))
        #expect(try service.get("/files/none").status == 404)
        #expect(try service.get("/files/in/a%20b.txt").status == 404)
    }

    @Test func `the list of articles is paged, and narrowed to a source`() throws {
        let service = try RunningStatus()
        try service.publish(
            (1...(ArticlesPage.limit + 5)).map {
                article("Article \($0)", path: "\($0)", source: $0 < 3 ? "ap" : "dpa")
            })
        let page = try service.get("/articles").text
        #expect(page.ranges(of: "<li data-key=").count == ArticlesPage.limit)
        let link = try #require(page.firstMatch(of: /href="(\/articles\?before=\d+)">Older ones/)).output.1
        let older = try service.get(String(link)).text
        #expect(older.ranges(of: "<li data-key=").count == 5)
        #expect(older.contains("<bdi>Article 1</bdi>") && !older.contains("Older ones"))
        #expect(try service.get("/articles?source=ap").text.ranges(of: "<li data-key=").count == 2)
        #expect(try service.get("/articles?before=x").status == 400)
        #expect(try service.get("/articles?from=yesterday").status == 400)
        #expect(try service.get("/articles?language=de").text.contains("No such article is kept here."))
        #expect(try service.get("/articles?from=2020-01-01&language=en").text.contains("<bdi>Article 30</bdi>"))
        #expect(try !service.get("/articles?failed=index").text.contains("<bdi>Article 30</bdi>"))
    }

    @Test func `the quarantine is paged, each file with its ways out`() throws {
        let service = try RunningStatus()
        let count = QuarantinePage.limit + 3
        try service.publish([], files: (1...count).map { file("\($0).txt", .quarantined, code: .noHeadline) })
        let page = try service.get("/quarantine").text
        #expect(page.contains("<span id=\"quarantine-count\">\(count)</span>"))
        #expect(page.ranges(of: "<li data-key=").count == QuarantinePage.limit)
        #expect(page.contains("<form method=\"post\" class=\"actions\" action=\"/api/v1/quarantine\">"))
        #expect(page.contains("<input type=\"hidden\" name=\"path\" value=\"\(count).txt\">"))
        let link = try #require(page.firstMatch(of: /href="(\/quarantine\?after=[0-9-]+)">More/)).output.1
        let more = try service.get(String(link)).text
        #expect(more.ranges(of: "<li data-key=").count == 3 && more.contains("<bdi>1.txt</bdi>"))
        #expect(try service.get("/quarantine?after=1").status == 400)
        // Its watcher is not there: what is known without it is shown, and that it cannot be asked.
        let one = try service.get("/quarantine/1.txt")
        #expect(one.status == 503 && one.text.contains("cannot be asked"))
        #expect(one.text.contains("<bdi>no_headline</bdi>"))
    }

    @Test func `failures are listed with their reasons and their ways out, on their page and at a glance`() throws {
        let service = try RunningStatus()
        try service.publish([article("Rates <rise>")])
        var row = result(
            1, kind: "translate", .failed,
            data: ["reason": .string("no <engine>"), "code": .string("engine_down"), "dead": .boolean(true)])
        row.stream = service.log.stream.description
        _ = try service.report([row], kind: "translate")
        for path in ["/failures", "/failures?kind=translate&dead=yes&source=reuters", "/"] {
            let page = try service.get(path).text
            #expect(page.contains("<span id=\"failure-count\">1</span>"), "\(path)")
            for words in [
                "Rates &lt;rise&gt;", "no &lt;engine&gt;", "engine_down", "given up",
                "<input type=\"hidden\" name=\"kind\" value=\"translate\">",
            ] { #expect(page.contains(words), "\(path) has no \(words)") }
        }
        #expect(try service.get("/").text.contains("1 article that a worker gave up"))
        #expect(try !service.get("/failures?kind=index").text.contains("engine_down"))
        #expect(try service.get("/failures?after=x").status == 400)
    }

    @Test func `a file that has what was withdrawn since is not handed out`() throws {
        let service = try RunningStatus()
        let (kept, killed) = (
            article("Kept", path: "both"), article("Secret", path: "both", uri: "urn:1", version: "1")
        )
        var both = file("both", seq: 1)
        both.lastSeq = 2
        both.sha256 = String(repeating: "0", count: 64)
        try service.publish([kept, killed], files: [both])
        // Nobody is there to hand it out; that it may be is decided before.
        #expect(try service.get("/articles/\(kept.id)/original").status == 503)
        try service.publish([article("", uri: "urn:1", version: "2", status: .canceled)])
        for path in ["/articles/\(kept.id)/original", "/api/v1/articles/\(kept.id)/original", "/files/both/original"] {
            #expect(try service.get(path).status == 403)
        }
        #expect(try service.get("/articles/\(killed.id)/original").status == 410)
        #expect(try service.get("/articles/\(killed.id)/record").status == 410)
    }

    @Test func `a query that is none shows where it is wrong`() throws {
        let scratch = try ScratchDirectory()
        let address = "ipc://" + scratch.path("search.sock")
        let service = try RunningStatus(search: [address])
        let index = try CommandServer(
            name: "search", context: service.context, endpoints: [Endpoint(binding: address)],
            makeHandlers: { ["SEARCH": SearchStub.answer] })
        let running = try Running(index)
        defer { running.stop() }
        let page = try service.get("/search?q=%28")
        #expect(page.status == 400)
        #expect(page.text.contains("<code><bdi>(<mark>▁</mark></bdi></code>"), "\(page.text)")
    }

    @Test(arguments: [
        ("ferry", "source:ap", "ferry source:ap"), ("a OR b", "lang:de", "(a OR b) lang:de"),
        ("FORTE", "lang:de", "FORTE lang:de"),
    ])
    func `a facet narrows all of a query, and the choice can be taken back`(
        query: String, facet: String, narrow: String
    ) {
        #expect(SearchFacets.adding(facet, to: query) == narrow)
        #expect(SearchFacets.without(facet, in: narrow) == (query.contains(" OR ") ? "(\(query))" : query))
        #expect(SearchFacets.without(facet, in: query) == nil)
        #expect(SearchFacets.without("source:a", in: "x source:a source:ab") == "x source:ab")
    }
}
