import Articles
import Glibc
import Linux
import TestSupport
import Testing
import ZeroMQ

@testable import Messaging

/// Real sockets with real keys: who comes in, and what they may do.
@Suite struct SecurityTests {
    private func house(_ lines: String..., loopback: LoopbackAccess = .keys) throws -> SecureHouse {
        try SecureHouse(list: lines.joined(), loopback: loopback)
    }

    /// A client whose line the house has, with some roles.
    private func pair(_ roles: String) throws -> (SecureHouse, SecureClient) {
        let client = try SecureClient(knows: [])
        let house = try house(client.line(roles))
        try client.know([house.serverKeys.publicKey])
        return (house, client)
    }

    private func reason(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "none"
        } catch { return "\(error)" }
    }

    @Test func `a listed key comes in and reads the log and the feed`() throws {
        let (house, client) = try pair("feed,log")
        try house.log.append(count: 3)
        let reply = try client.ask(house.logAddress, "FETCH", #"{"max":10}"#)
        #expect(try FetchReply(reply).records.count == 3)
        let subscriber = try FeedSubscriber(context: client.context, endpoint: house.feedAddress)
        var topics: [String] = []
        try waitUntil("the feed's head comes") {
            if let message = try subscriber.receive() { topics.append(message.topic) }
            return topics.contains("!head")
        }
    }

    @Test func `an unknown key is refused at once, and its operator learns what to do`() throws {
        let (house, _) = try pair("feed,log")
        let stranger = try SecureClient(knows: [house.serverKeys.publicKey])
        let start = ContinuousClock.now
        let failure = reason { _ = try stranger.ask(house.logAddress) }
        #expect(failure.contains("refused this machine's key: let its operator add it to authorized_keys"))
        #expect(ContinuousClock.now - start < .seconds(8))
        let subscriber = try FeedSubscriber(context: stranger.context, endpoint: house.feedAddress)
        var refusal = ""
        try waitUntil("the feed refuses") {
            refusal = reason { _ = try subscriber.receive() }
            return refusal != "none"
        }
        #expect(refusal.contains("refused this machine's key"))
    }

    @Test func `whoever speaks without a key is refused where one is asked`() throws {
        let (house, _) = try pair("log")
        let failure = reason {
            _ = try CommandClient(context: Context(), endpoints: [house.logAddress]).request(
                "PING", deadline: .seconds(10))
        }
        #expect(failure.contains("wants a key"))
    }

    @Test func `a server with another key than the known one is not trusted`() throws {
        let (house, client) = try pair("log")
        try client.know([CurveKeyPair().publicKey])
        let failure = reason { _ = try client.ask(house.logAddress) }
        #expect(failure.contains("another key than the one in known_servers"))
    }

    @Test func `a key to a server that speaks without one says so`() throws {
        let open = try LogHouse()
        let client = try SecureClient(knows: [CurveKeyPair().publicKey])
        #expect(reason { _ = try client.ask(open.tcpEndpoint) }.contains("speaks without a key"))
    }

    @Test func `a server whose key nobody knows is named with the line to add`() throws {
        let client = try SecureClient(knows: [])
        let failure = reason { _ = try client.ask("tcp://192.0.2.1:8472") }
        #expect(failure.contains("the line '192.0.2.1:8472 KEY'"))
        #expect(failure.contains(client.directory.path("known_servers")))
        let other = reason { _ = try FeedSubscriber(context: client.context, endpoint: "tcp://192.0.2.1:8471") }
        #expect(other == failure.replacing("PING: ", with: "").replacing("8472", with: "8471"))
    }

    @Test func `each command needs its role`() throws {
        let claim = #"{"group":"g","owner":"o","max":1,"create":{"topics":[],"from":"first"}}"#
        let group = #"{"group":"g"}"#
        let pause = #"{"group":"g","action":"pause"}"#
        let (house, reader) = try pair("log")
        let worker = try SecureClient(knows: [house.serverKeys.publicKey])
        let operator_ = try SecureClient(knows: [house.serverKeys.publicKey])
        try house.authorize(reader.line("log,search") + worker.line("claim,report") + operator_.line("admin"))
        let search = try house.serve("SEARCH", as: .search)
        let report = try house.serve("REPORT", as: .report)
        let admin = try house.serve("KILL", as: .admin)

        #expect(try reader.refusal(house.logAddress, "FETCH") == nil)
        #expect(try reader.refusal(house.logAddress, "SEEK", #"{"at":"end"}"#) == nil)
        #expect(try reader.refusal(house.logAddress, "CLAIM", claim) == 403)
        #expect(try worker.refusal(house.logAddress, "CLAIM", claim) == nil)
        #expect(try worker.refusal(house.logAddress, "GROUP", group) == nil)
        #expect(try worker.refusal(house.logAddress, "GROUP", pause) == 403)
        #expect(try worker.refusal(house.logAddress, "FETCH") == 403)
        #expect(try operator_.refusal(house.logAddress, "GROUP", pause) == nil)
        #expect(try operator_.refusal(house.logAddress, "FETCH") == 403)
        #expect(try reader.refusal(search, "SEARCH") == nil)
        #expect(try reader.refusal(search, "SAVED", #"{"action":"add"}"#) == 403)
        #expect(try worker.refusal(report, "REPORT") == nil)
        #expect(try worker.refusal(report, "FILE") == 403)
        #expect(try operator_.refusal(admin, "KILL") == nil)
        // Who has no business at a socket does not get in at all.
        for address in [admin, search] {
            #expect(reason { _ = try worker.ask(address) }.contains("refused this machine's key"))
        }
        let hello = try reader.ask(house.logAddress, "HELLO").decode(JSONValue.self)
        #expect(hello["roles"]?.arrayValue?.compactMap(\.stringValue) == ["log", "search"])
        let refusal = reason { _ = try reader.ask(house.logAddress, "CLAIM", claim) }
        #expect(refusal.hasPrefix("FORBIDDEN (403): CLAIM needs the role claim, and this peer has log,search"))
    }

    @Test func `without the role feed nobody subscribes`() throws {
        let (house, client) = try pair("log")
        let subscriber = try FeedSubscriber(context: client.context, endpoint: house.feedAddress)
        try waitUntil("the feed refuses") { reason { _ = try subscriber.receive() }.contains("refused") }
    }

    @Test func `one socket asks for keys on tcp and for users on ipc`() throws {
        let house = try house("uid 4294967 log\n")
        // This process is the server's own user, who may do everything.
        #expect(throws: Never.self) {
            try CommandClient(context: Context(), endpoints: [house.log.endpoint]).request("HELLO")
        }
        #expect(
            reason {
                _ = try CommandClient(context: Context(), endpoints: [house.logAddress]).request("HELLO")
            }.contains("wants a key"))
    }

    @Test func `tcp on loopback is open unless keys are asked for there`() throws {
        let house = try house(loopback: .open)
        #expect(throws: Never.self) {
            try CommandClient(context: Context(), endpoints: [house.logAddress]).request("HELLO")
        }
    }

    @Test func `nobody comes in once the authenticator is gone`() throws {
        let (house, client) = try pair("log")
        let before = CommandClient(context: client.context, endpoints: [house.logAddress])
        _ = try before.request("PING")
        house.authenticator.stop()
        for address in [house.logAddress, house.log.endpoint] {
            #expect(throws: CommandClient.Failure.self) {
                try CommandClient(context: client.context, endpoints: [address]).request(
                    "PING", deadline: .milliseconds(500))
            }
        }
        #expect(throws: Never.self) { try before.request("PING") }
    }

    @Test func `nothing beyond this machine is bound without keys`() throws {
        let context = try Context()
        #expect(throws: Endpoint.Problem.self) {
            _ = try EnvelopeRouter(context: context, endpoints: [Endpoint(binding: "tcp://*:*", within: .network)])
        }
    }

    @Test func `what is bound beyond this machine asks for a key`() throws {
        let client = try SecureClient(knows: [])
        let house = try house(client.line("admin"), loopback: .open)
        try client.know([house.serverKeys.publicKey])
        let server = try CommandServer(
            name: "admin", context: house.context, endpoints: [Endpoint(binding: "tcp://0.0.0.0:*", within: .network)],
            domain: .admin
        ) { [:] }
        let running = try RunningService(server)
        defer { running.stop() }
        let address = "tcp://127.0.0.1:" + server.addresses[0].split(separator: ":").last!
        #expect(server.addresses[0].hasPrefix("tcp://\(ProcessInformation.hostName):"))
        #expect(throws: Never.self) { try client.ask(address) }
        #expect(
            reason { _ = try CommandClient(context: Context(), endpoints: [address]).request("PING") }
                .contains("wants a key"))
    }
}
