import Articles
import FoundationEssentials
import Linux
import TestSupport
import Testing

/// A webhook of the built index: from a dropped file to a receiver.
@Suite struct WebhookTests {
    @Test func `a match is posted with its article, again until it is taken, and the tool tells of it`() throws {
        let server = try ScriptedServer { number, _ in ScriptedServer.reply(number == 1 ? 500 : 200, "") }
        defer { server.stop() }
        let dropwire = try Installation()
        try dropwire.scratch.write("whsec_\(Data((0..<32).map { UInt8($0) }).base64EncodedString())\n", to: "key")
        let settings = try #require(dropwire.scratch.read("dropwire.toml"))
        let webhook = """

            [[index.webhook]]
            name = "desk"
            url = "http://127.0.0.1:\(server.port)/in"
            key_file = "\(dropwire.scratch.path("key"))"

            """
        try dropwire.scratch.write(String(decoding: settings, as: UTF8.self) + webhook, to: "dropwire.toml")
        let status = try dropwire.startReady("status")
        let watch = try dropwire.startReady("watch")
        let index = try dropwire.startReady("index")
        #expect(try dropwire.run(["saved-search", "add", "bridges", "bridge"]).ending == .exited(0))
        try dropwire.drop("Old bridge closes\n\n2025-02-26 03:27:00\n\nAbstract: a\n\nIt is old.\n", as: "a.txt")
        try waitUntil("it was tried") { !server.requests.isEmpty }
        // The answer is noted a moment after it was given.
        try waitUntil("the tool tells why it waits") {
            let failed = try dropwire.run(["webhook", "list"])
            return failed.ending == .exited(0) && failed.output.contains("the answer was status 500; next attempt 20")
        }
        #expect(try dropwire.run(["webhook", "retry", "desk"]).ending == .exited(0))
        try waitUntil("it was taken") { server.requests.count == 2 }
        let ids = Set(server.requests.compactMap { $0.headers["webhook-id"] })
        let body = try JSONDecoder().decode(JSONValue.self, from: Data(server.requests[1].body))
        #expect(ids.count == 1)
        #expect(body["name"]?.stringValue == "bridges")
        #expect(body["article"]?["title"]?.stringValue == "Old bridge closes")
        try waitUntil("the tool tells of it") {
            let line = try dropwire.run(["webhook", "list", "--json"]).output
            let state = try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))
            return state["waiting"] == .integer(0) && state["delivered"] == .integer(1) && state["trouble"] == nil
        }
        let unknown = try dropwire.run(["webhook", "retry", "other"])
        #expect(unknown.ending == .exited(1))
        #expect(unknown.errorOutput.contains("there is no webhook 'other' in the configuration"))
        for process in [index, watch, status] { #expect(try process.stop() == .exited(0)) }
    }

    @Test func `an index whose webhook has no usable key does not start, and says why`() throws {
        let dropwire = try Installation()
        let settings = try #require(dropwire.scratch.read("dropwire.toml"))
        try dropwire.scratch.write("secret\n", to: "key")
        let webhook = """

            [[index.webhook]]
            name = "desk"
            url = "http://127.0.0.1:1/"
            key_file = "\(dropwire.scratch.path("key"))"

            """
        try dropwire.scratch.write(String(decoding: settings, as: UTF8.self) + webhook, to: "dropwire.toml")
        let index = try dropwire.start("index")
        #expect(try index.waitUntilEnded() == .exited(78))
        #expect(index.errorOutput.contains("index.webhook 'desk': its key must be whsec_"))
    }
}
