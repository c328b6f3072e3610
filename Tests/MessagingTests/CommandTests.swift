import Articles
import Linux
import Synchronization
import TestSupport
import Testing
import ZeroMQ

@testable import Messaging

@Suite struct CommandTests {
    let directory: ScratchDirectory
    let context: Context
    var endpoint: String { "ipc://\(directory.path("commands"))" }

    init() throws {
        directory = try ScratchDirectory()
        context = try Context()
    }

    struct Broken: Error, CustomStringConvertible { var description: String { "it broke" } }

    func server() throws -> RunningService {
        try RunningService(
            CommandServer(name: "commands", context: context, endpoints: [Endpoint(binding: endpoint)]) {
                [
                    "ECHO": { request in Reply(json: request.json, payload: request.payload) },
                    "BREAK": { _ in throw Broken() },
                    "REFUSE": { _ in throw WireError.badRequest("not so") },
                ]
            })
    }

    @Test func `handlers answer, and what they throw becomes the error of the table`() throws {
        let server = try server()
        let client = CommandClient(context: context, endpoints: [endpoint])
        let reply = try client.request("ECHO", json: Array(#"{"a":1}"#.utf8), payload: [[1], [2, 3]])
        #expect(reply.json == Array(#"{"a":1}"#.utf8) && reply.payload == [[1], [2, 3]])
        #expect(try client.request("PING").json == Array("{}".utf8))
        func code(_ command: String) -> Int? { #expect(throws: WireError.self) { try client.request(command) }?.code }
        #expect(code("BREAK") == 500)
        #expect(code("REFUSE") == 400)
        #expect(code("NOTHING") == 404)
        server.stop()
    }

    @Test func `a server that is not there costs its deadline, and is found when it comes`() throws {
        let client = CommandClient(context: context, endpoints: [endpoint])
        let start = ContinuousClock.now
        let failure = #expect(throws: CommandClient.Failure.self) {
            try client.request("ECHO", deadline: .milliseconds(200))
        }
        #expect(failure?.description.contains(endpoint) == true)
        #expect(ContinuousClock.now - start >= .milliseconds(200))
        #expect(client.outstandingCount == 0)
        let server = try server()
        #expect(throws: Never.self) { try client.request("ECHO") }
        server.stop()
    }

    @Test func `after a failure the next of the alternatives is asked`() throws {
        let server = try server()
        let client = CommandClient(context: context, endpoints: ["ipc://\(directory.path("nobody"))", endpoint])
        #expect(throws: CommandClient.Failure.self) { try client.request("ECHO", deadline: .milliseconds(100)) }
        #expect(throws: Never.self) { try client.request("ECHO") }
        server.stop()
    }

    @Test func `a request whose server dies is told of at once`() throws {
        var router: EnvelopeRouter? = try EnvelopeRouter(context: context, endpoints: [Endpoint(binding: endpoint)])
        let client = CommandClient(context: context, endpoints: [endpoint])
        let id = try #require(try client.send("ECHO", json: Array("{}".utf8)))
        _ = try Poller.poll([#require(router).readable], timeout: .seconds(5))
        _ = try #require(try router?.receive())
        router = nil
        var answer: CommandClient.Answer?
        while answer == nil {
            // Nothing else wakes who waits for an answer.
            #expect(try Poller.poll(client.readable, timeout: .seconds(60)).contains(true))
            answer = try client.receive()
        }
        #expect(answer?.id == id)
        #expect(throws: WireError.disconnected(endpoint)) { try answer?.outcome.get() }
        #expect(client.outstandingCount == 0)
    }

    @Test func `a request is sent again to a server that was started again meanwhile`() throws {
        var router: EnvelopeRouter? = try EnvelopeRouter(context: context, endpoints: [Endpoint(binding: endpoint)])
        let reply = Mutex<Result<Reply, any Error>?>(nil)
        let thread = try SystemThread(name: "asks") { [context, endpoint] in
            let client = CommandClient(context: context, endpoints: [endpoint])
            let answer = Result { try client.request("ECHO", json: Array(#"{"a":1}"#.utf8), deadline: .seconds(60)) }
            reply.withLock { $0 = answer }
        }
        _ = try Poller.poll([#require(router).readable], timeout: .seconds(60))
        _ = try #require(try router?.receive())
        router = nil
        let server = try server()
        thread.join()
        #expect(try reply.withLock { $0 }?.get().json == Array(#"{"a":1}"#.utf8))
        server.stop()
    }

    @Test func `a bell ends a wait`() throws {
        let client = CommandClient(context: context, endpoints: [endpoint])
        let bell = try WakeUp()
        bell.ring()
        let start = ContinuousClock.now
        #expect(throws: CommandClient.Failure.self) {
            try client.request("ECHO", deadline: .seconds(30), interrupt: bell)
        }
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test func `replies that nobody waits for are passed over`() throws {
        let router = try EnvelopeRouter(context: context, endpoints: [Endpoint(binding: endpoint)])
        let client = CommandClient(context: context, endpoints: [endpoint])
        let id = try #require(try client.send("ECHO", json: Array("{}".utf8)))
        _ = try Poller.poll([router.readable], timeout: .seconds(5))
        let request = try #require(try router.receive())
        for _ in 0..<2 { #expect(try router.reply(to: request, .success(Reply()))) }
        _ = try Poller.poll(client.readable, timeout: .seconds(5))
        #expect(try eventually { try client.receive()?.id == id })
        // The second copy of the answer belongs to nothing.
        let second = try #require(try client.send("ECHO", json: Array("{}".utf8)))
        _ = try Poller.poll([router.readable], timeout: .seconds(5))
        #expect(try router.reply(to: #require(try router.receive()), .success(Reply())))
        #expect(try eventually { try client.receive()?.id == second })
    }

    @Test func `a reply to a peer that is gone is dropped and said so`() throws {
        let router = try EnvelopeRouter(context: context, endpoints: [Endpoint(binding: endpoint)])
        var client: CommandClient? = CommandClient(context: context, endpoints: [endpoint])
        _ = try client?.send("ECHO", json: Array("{}".utf8))
        _ = try Poller.poll([router.readable], timeout: .seconds(5))
        let request = try #require(try router.receive())
        client = nil
        #expect(try eventually { try !router.reply(to: request, .success(Reply())) })
        #expect(router.droppedReplies == 1)
    }

    @Test func `a peer that never reads costs a bounded number of replies`() throws {
        let router = try EnvelopeRouter(context: context, endpoints: [Endpoint(binding: endpoint)])
        let deaf = try Socket(.dealer, in: context)
        try deaf.set(.linger, 0)
        try deaf.set(.receiveHighWaterMark, 1)
        try deaf.connect(endpoint)
        _ = try deaf.send(["DW1", "BIG", "1", "{}"].map { Array($0.utf8) })
        _ = try Poller.poll([router.readable], timeout: .seconds(5))
        let request = try #require(try router.receive())
        let big = Reply(payload: [[UInt8](repeating: 1, count: 1 << 20)])
        var sent = 0
        #expect(
            try eventually {
                if try router.reply(to: request, .success(big)) { sent += 1 }; return router.droppedReplies > 50
            })
        // What the kernel and both queues take, and not what was asked for.
        #expect(sent < 50)
    }

    @Test func `heartbeats go out at once, when asked for, and stop with their service`() throws {
        let stub = try StatusStub(context: context, endpoint: endpoint)
        let status = try RunningService(stub)
        let sender = try HeartbeatSender(context: context, endpoints: [endpoint]) {
            var beat = Heartbeat(name: "n", kind: "watch")
            beat.numbers = ["published": 3]
            beat.endpoints = ["log": ["ipc:///x"]]
            beat.trouble = "none"
            return beat
        }
        let running = try RunningService(sender)
        #expect(eventually { stub.state.heartbeats.count == 1 })
        let beat = try #require(stub.state.heartbeats.first)
        #expect(beat.name == "n" && beat.kind == "watch" && beat.numbers == ["published": 3])
        #expect(beat.pid == ProcessInformation.identifier && beat.residentBytes > 1 << 20)
        #expect(beat.endpoints == ["log": ["ipc:///x"]] && beat.trouble == "none")
        sender.send()
        #expect(eventually(within: .seconds(4)) { stub.state.heartbeats.count == 2 })
        #expect(running.stop() < .seconds(1))
        status.stop()
    }
}
