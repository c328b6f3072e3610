import Articles
import TestSupport
import Testing
import ZeroMQ

@testable import Messaging

/// Lists and keys that change while everything runs.
@Suite struct RotationTests {
    @Test func `a key that is added comes in, and one that is removed loses its connection`() throws {
        let (first, second) = (try SecureClient(knows: []), try SecureClient(knows: []))
        let house = try SecureHouse(list: first.line("feed,log"))
        for client in [first, second] { try client.know([house.serverKeys.publicKey]) }
        #expect(throws: CommandClient.Failure.self) { try second.ask(house.logAddress) }

        let line = CommandClient(context: first.context, endpoints: [house.logAddress])
        _ = try line.request("PING")
        try house.authorize(first.line("feed,log") + second.line("feed,log"))
        _ = try second.ask(house.logAddress)
        let feed = try FeedSubscriber(context: first.context, endpoint: house.feedAddress)
        try waitUntil("the first one is subscribed") { try feed.receive() != nil }

        try house.authorize(second.line("feed,log"))
        #expect(throws: (any Error).self) { try line.request("PING", deadline: .seconds(10)) }
        #expect(throws: CommandClient.Failure.self) { try first.ask(house.logAddress) }
        _ = try second.ask(house.logAddress)
        try waitUntil("the first one's subscription has ended") {
            do {
                _ = try feed.receive()
                return false
            } catch is CommandClient.Failure { return true }
        }
    }

    @Test func `another role holds from the next request on`() throws {
        let client = try SecureClient(knows: [])
        let house = try SecureHouse(list: client.line("log,claim"))
        try client.know([house.serverKeys.publicKey])
        let line = CommandClient(context: client.context, endpoints: [house.logAddress])
        _ = try line.request("FETCH")
        try house.authorize(client.line("claim"))
        #expect(#expect(throws: WireError.self) { try line.request("FETCH") }?.code == 403)
        try house.authorize(client.line("log"))
        _ = try line.request("FETCH")
    }

    @Test func `a list that says nonsense changes nothing`() throws {
        let client = try SecureClient(knows: [])
        let house = try SecureHouse(list: client.line("log"))
        try client.know([house.serverKeys.publicKey])
        #expect(throws: SecurityProblem.self) { try house.authorize("curve nonsense\n") }
        _ = try client.ask(house.logAddress)
    }

    @Test func `a client gets a new key while both have a line`() throws {
        let (old, new) = (try SecureClient(knows: []), try SecureClient(knows: []))
        let house = try SecureHouse(list: old.line("log"))
        for client in [old, new] { try client.know([house.serverKeys.publicKey]) }
        try house.authorize(old.line("log") + new.line("log"))
        _ = try old.ask(house.logAddress)
        _ = try new.ask(house.logAddress)
        try house.authorize(new.line("log"))
        _ = try new.ask(house.logAddress)
    }

    @Test func `the server gets a new key that its clients know beforehand`() throws {
        let client = try SecureClient(knows: [])
        let house = try SecureHouse(list: client.line("feed,log"))
        let new = try CurveKeyPair()
        try client.know([house.serverKeys.publicKey, new.publicKey])
        let line = CommandClient(context: client.context, endpoints: [house.logAddress])
        let feed = try FeedSubscriber(context: client.context, endpoint: house.feedAddress)
        _ = try line.request("PING")
        try waitUntil("it is subscribed") { try feed.receive() != nil }

        try house.directory.remove("key")
        try KeyFile.write(new, to: house.directory.path("key"))
        try house.security.reload()
        // The one that is connected comes back by itself, with the key that it has used so far; then it takes the other.
        try waitUntil("it is answered again") {
            (try? line.request("PING", deadline: .seconds(10))) != nil
        }
        _ = try client.ask(house.logAddress)
        // What it had before the change may still be there to be received.
        let later = ContinuousClock.now + .seconds(2)
        try waitUntil("the feed comes again") { try feed.receive() != nil && ContinuousClock.now > later }
        try client.know([new.publicKey])
        _ = try client.ask(house.logAddress)
    }
}
