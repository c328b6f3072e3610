import Articles
import FoundationEssentials
import Hashing
import Linux
import Messaging
import SQLite
import Synchronization
import TestSupport
import Testing
import Webhooks

/// What is posted to a server of the test's own, and how often.
@Suite final class CourierTests {
    private let folder: ScratchDirectory
    private let connection: Connection
    private let log: ArticleLog
    private let key = Array((0..<32).map { UInt8($0) })
    /// Milliseconds since 1970.
    private let clock = Mutex<Int64>(1_700_000_000_000)

    init() throws {
        folder = try ScratchDirectory()
        connection = try Connection(path: folder.path("index.sqlite"))
        try connection.configure(durability: .normal)
        log = try ArticleLog(connection: connection)
    }

    private func append(_ name: String, _ id: String = String(repeating: "a", count: 32)) throws {
        let match = MatchRecord(
            name: name, stream: StreamID.random().description, epoch: 1, seq: 7, articleID: try #require(ArticleID(id)),
            timeMilliseconds: 5)
        try connection.transaction { _ = try log.append(topic: .match(name: name), record: match.encodeRecord()) }
    }

    private func courier(
        _ server: ScriptedServer, searches: [String] = [], giveUpAfter: Duration = .seconds(3600),
        archive: @escaping (ArticleID) -> [UInt8]? = { Array(#"{"id":"\#($0)"}"#.utf8) }
    ) throws -> Courier {
        var configuration = WebhookConfiguration()
        configuration.name = "desk"
        configuration.url = "http://127.0.0.1:\(server.port)/in"
        configuration.searches = searches
        configuration.giveUpAfter = giveUpAfter
        configuration.timeout = .seconds(20)
        configuration.keyFile = folder.path("key")
        try folder.write("whsec_\(Data(key).base64EncodedString())\n", to: "key")
        return try Courier(
            configuration, signer: configuration.signer(), store: DeliveryStore(path: folder.path("out.sqlite")),
            log: LogReader(path: folder.path("index.sqlite")), archive: archive, now: { self.clock.withLock { $0 } })
    }

    private func state() throws -> DeliveryStore.State {
        try DeliveryStore(path: folder.path("out.sqlite")).state(of: "desk")
    }

    /// Works until nothing is due now; returns how long nothing is.
    @discardableResult
    private func settle(_ courier: Courier) throws -> Duration? {
        for _ in 0..<1000 {
            let wait = try courier.step()
            if wait != .zero { return wait }
        }
        Issue.record("it never came to rest")
        return nil
    }

    private func advance(_ duration: Duration) { clock.withLock { $0 += duration.wholeMilliseconds } }

    @Test func `a match is posted once with its article, and signed so that its receiver can tell`() throws {
        let server = try ScriptedServer { _, _ in ScriptedServer.reply(204, "") }
        defer { server.stop() }
        try append("before")
        let courier = try courier(server)
        try append("floods")
        #expect(try settle(courier) == nil)
        // What was matched before the webhook is not told.
        let request = try #require(server.requests.first)
        #expect(server.requests.count == 1 && request.method == "POST" && request.path == "/in")
        let body = try JSONDecoder().decode(JSONValue.self, from: Data(request.body))
        #expect(body["name"]?.stringValue == "floods" && body["type"]?.stringValue == "match")
        #expect(body["article"]?["id"]?.stringValue == String(repeating: "a", count: 32))
        // The signature is computed here by the sentence of Standard Webhooks: id, time and body, joined by points.
        let id = try #require(request.headers["webhook-id"])
        let time = try #require(request.headers["webhook-timestamp"])
        #expect(time == "1700000000")
        let mac = HMAC.sha256(Array("\(id).\(time).".utf8) + request.body, key: key)
        #expect(request.headers["webhook-signature"] == "v1,\(Data(mac).base64EncodedString())")
        #expect(try state() == DeliveryStore.State(delivered: 1))
    }

    @Test func `a receiver that fails is left alone for longer and longer, and gets everything in the end`() throws {
        let isUp = Mutex(false)
        let server = try ScriptedServer { _, _ in ScriptedServer.reply(isUp.withLock { $0 } ? 200 : 503, "") }
        defer { server.stop() }
        let courier = try courier(server)
        for name in ["a", "b", "c"] { try append(name) }
        let first = try #require(try settle(courier))
        #expect((Duration.seconds(4) ... .seconds(6)).contains(first))
        // The others wait without an attempt of their own.
        #expect(server.requests.count == 1)
        advance(first)
        let second = try #require(try settle(courier))
        #expect(second > first && server.requests.count == 2)
        #expect(try state().waiting == 3 && state().trouble == "the answer was status 503")
        isUp.withLock { $0 = true }
        advance(.seconds(120))
        #expect(try settle(courier) == nil)
        #expect(try state() == DeliveryStore.State(delivered: 3))
        #expect(Set(server.requests.compactMap { $0.headers["webhook-id"] }).count == 3)
    }

    @Test func `what the receiver asks for by Retry-After is kept`() throws {
        let server = try ScriptedServer { number, _ in
            number == 1 ? ScriptedServer.reply(429, "", headers: ["Retry-After: 100"]) : ScriptedServer.reply(200, "")
        }
        defer { server.stop() }
        let courier = try courier(server)
        try append("a")
        #expect(try #require(try settle(courier)) >= .seconds(99))
        advance(.seconds(99))
        try settle(courier)
        #expect(server.requests.count == 1)
        advance(.seconds(2))
        #expect(try settle(courier) == nil)
        #expect(try state().delivered == 1)
    }

    @Test func `what is refused is given up after its time, kept, and tried again on demand; others go on`() throws {
        let isStrict = Mutex(true)
        let server = try ScriptedServer { _, request in
            let isRefused = isStrict.withLock { $0 } && request.body.firstRange(of: Array(#""name":"bad""#.utf8)) != nil
            return ScriptedServer.reply(isRefused ? 400 : 200, "")
        }
        defer { server.stop() }
        let courier = try courier(server, giveUpAfter: .seconds(60))
        try append("bad")
        try append("good")
        try settle(courier)
        #expect(try state().delivered == 1 && state().waiting == 1)
        for _ in 0..<10 {
            advance(.seconds(30))
            try settle(courier)
        }
        #expect(try state().dead == 1 && state().waiting == 0)
        isStrict.withLock { $0 = false }
        #expect(try DeliveryStore(path: folder.path("out.sqlite")).retry("desk", now: clock.withLock { $0 }) == 1)
        courier.forgetPause()
        #expect(try settle(courier) == nil)
        #expect(try state() == DeliveryStore.State(delivered: 2))
    }

    @Test func `an article that was withdrawn meanwhile is not posted`() throws {
        let server = try ScriptedServer { _, _ in ScriptedServer.reply(200, "") }
        defer { server.stop() }
        let courier = try courier(server, archive: { _ in nil })
        try append("a")
        #expect(try settle(courier) == nil)
        #expect(server.requests.isEmpty)
        #expect(try state() == DeliveryStore.State(withdrawn: 1))
    }

    @Test func `only the searches that it is for are posted, and what is taken survives the process`() throws {
        let server = try ScriptedServer { _, _ in ScriptedServer.reply(200, "") }
        defer { server.stop() }
        let first = try courier(server, searches: ["a"])
        try append("a")
        try append("ab")
        try append("b")
        // One step takes what is there and makes one attempt; a process that ends here goes on behind it.
        _ = try first.step()
        try append("a")
        #expect(try settle(courier(server, searches: ["a"])) == nil)
        let names = try server.requests.map {
            try JSONDecoder().decode(JSONValue.self, from: Data($0.body))["name"]?.stringValue
        }
        #expect(names == ["a", "a"])
    }

    @Test func `matches that the log has removed are counted as lost`() throws {
        let server = try ScriptedServer { _, _ in ScriptedServer.reply(200, "") }
        defer { server.stop() }
        let courier = try courier(server)
        for _ in 0..<3 { try append("a") }
        #expect(try log.trim(before: .max, notPast: 2) == 2)
        #expect(try settle(courier) == nil)
        #expect(try state() == DeliveryStore.State(delivered: 1, lost: 2))
    }
}
