import Articles
import Dispatch
import FoundationEssentials
import Indexing
import Messaging
import SQLite
import TestSupport
import Testing
import ZeroMQ

@Suite struct SearchDeskTests {
    let bench: Bench
    let context: Context

    init() throws {
        bench = try Bench()
        context = try Context()
    }

    /// Calls `body` with a client of a real server over the bench's index.
    private func serve(_ body: (CommandClient) throws -> Void) throws {
        let path = bench.path
        let server = try CommandServer(
            name: "search", context: context, endpoints: [Endpoint(binding: "ipc://\(bench.folder.path)/search.sock")]
        ) { try SearchDesk(path: path, savedSearches: path + "-saved").handlers }
        let started = DispatchSemaphore(value: 0)
        let ended = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            do {
                try server.run { started.signal() }
            } catch {
                Issue.record(error)
                started.signal()
            }
            ended.signal()
        }
        started.wait()
        defer {
            server.drain()
            ended.wait()
        }
        try body(CommandClient(context: context, endpoints: server.addresses))
    }

    private func json(_ reply: Reply) throws -> JSONValue { try reply.decode(JSONValue.self) }

    @Test func `searches, records and facets are answered over the wire`() throws {
        let article = Bench.article("Coffee rises", "Prices rose.")
        try bench.add(article)
        try serve { client in
            let found = try json(client.request("SEARCH", json: Array(#"{"q":"price","limit":5,"sort":"date"}"#.utf8)))
            #expect(found["total"] == .integer(1))
            #expect(found["hits"]?.arrayValue?.first?["id"] == .string(article.id.description))
            let record = try client.request("GET", json: Array(#"{"id":"\#(article.id)"}"#.utf8))
            #expect(record.payload == [article.encodeRecord()])
            let facets = try json(client.request("FACETS", json: Array(#"{"q":"coffee"}"#.utf8)))
            #expect(facets["source"]?.arrayValue?.count == 1)
            try bench.add(Bench.article("Coffee again"))
            let again = try json(client.request("SEARCH", json: Array(#"{"q":"coffee"}"#.utf8)))
            #expect(again["total"] == .integer(2))
            #expect(again["next"] == nil)
            let page = try json(client.request("SEARCH", json: Array(#"{"q":"coffee","limit":1}"#.utf8)))
            let next = try #require(page["next"]?.stringValue)
            let rest = try json(
                client.request("SEARCH", json: Array(#"{"q":"coffee","limit":1,"cursor":"\#(next)"}"#.utf8)))
            #expect(rest["hits"]?.arrayValue?.count == 1)
            #expect(rest["hits"] != page["hits"])
            #expect(rest["next"] == nil)
        }
    }

    @Test func `the archive is given out page by page`() throws {
        let articles = (1...3).map { Bench.article("Coffee \($0)") }
        for article in articles { try bench.add(article) }
        try serve { client in
            let first = try client.request("EXPORT", json: Array(#"{"limit":2}"#.utf8))
            #expect(first.payload == articles[..<2].map { $0.encodeRecord() })
            #expect(try json(first)["end"] == .boolean(false))
            let cursor = try #require(try json(first)["cursor"]?.integerValue)
            let second = try client.request("EXPORT", json: Array(#"{"limit":2,"cursor":\#(cursor)}"#.utf8))
            #expect(second.payload == [articles[2].encodeRecord()])
            #expect(try json(second)["end"] == .boolean(true))
            for wrong in [#"{"limit":0}"#, #"{"limit":501}"#, #"{"from":3,"to":2}"#, #"{"q":"("}"#, #"{"after":"x"}"#] {
                let error = try #require(throws: WireError.self) {
                    try client.request("EXPORT", json: Array(wrong.utf8))
                }
                #expect(error.code == 400)
            }
        }
    }

    @Test func `what is wrong is said with its place`() throws {
        try serve { client in
            func error(_ command: String, _ json: String) throws -> WireError {
                try #require(throws: WireError.self) { try client.request(command, json: Array(json.utf8)) }
            }
            let syntax = try error("SEARCH", #"{"q":"oil OR"}"#)
            #expect(syntax.code == 400)
            #expect(syntax.fields["offset"] == .integer(6))
            #expect(syntax.message.contains("OR needs a word after it"))
            #expect(try error("FACETS", #"{"q":"("}"#).code == 400)
            #expect(try error("SEARCH", #"{}"#).code == 400)
            #expect(try error("SEARCH", #"{"q":"x","limit":201}"#).code == 400)
            #expect(try error("SEARCH", #"{"q":"x","limit":-1}"#).code == 400)
            #expect(try error("SEARCH", #"{"q":"x","offset":9991}"#).code == 400)
            #expect(try error("SEARCH", #"{"q":"x","offset":9223372036854775807}"#).code == 400)
            #expect(try error("SEARCH", #"{"q":"x","sort":"size"}"#).code == 400)
            #expect(try error("SEARCH", #"{"q":"x","collapse":"day"}"#).message.contains("collapse"))
            for wrong in ["1m", "x", "", "4000d"] {
                let refused = try error("SEARCH", #"{"q":"x","recency":"\#(wrong)"}"#)
                #expect(refused.message.contains("half-life"), "\(wrong)")
            }
            #expect(try error("SEARCH", #"{"q":"x","recency":"7d","sort":"date"}"#).message.contains("recency"))
            #expect(try error("SEARCH", #"{"q":"x","cursor":"y"}"#).message.contains("cursor"))
            #expect(try error("SEARCH", #"{"q":"x","cursor":"y","offset":1}"#).message.contains("offset"))
            #expect(try error("GET", #"{"id":"x"}"#).code == 400)
            let missing = String(repeating: "0", count: 32)
            #expect(try error("GET", #"{"id":"\#(missing)"}"#).code == 404)
        }
    }

    @Test func `the worker says what it did`() throws {
        let indexer = try Indexer(savedSearches: bench.folder.path("saved.sqlite")) { _ in }
        let connection = try Connection(path: "\(bench.folder.path)/worker.sqlite")
        try connection.configure(durability: .full)
        try indexer.prepare(connection)
        let article = Bench.article("Coffee rises", "Prices rose.")
        let item = WorkItem(position: bench.position(1), bytes: article.encodeRecord(), article: article)
        let result = try connection.transaction {
            let result = try indexer.apply(item)
            try indexer.willCommit()
            return result
        }
        #expect(indexer.kind == "index")
        #expect(result.status == .ok)
        #expect(result.data == .object(["action": .string("indexed"), "words": .integer(4)]))
        let searcher = try ArticleSearcher(connection: Connection(path: connection.path, mode: .readOnly))
        #expect(try searcher.search("coffee").total == 1)
    }
}
