import Articles
import FoundationEssentials
import Glibc
import Linux
import Messaging
import TestSupport
import Testing
import ZeroMQ

/// The built program with keys: two machines' configurations, whose processes meet over TCP.
@Suite struct KeysTests {
    /// Two configurations in one scratch directory: machine A watches and has the status service, B has workers.
    private struct Machines {
        let dropwire: Installation
        let keyOfA: String
        let keyOfB: String
        let ports: [Int]

        var configurationOfA: String { dropwire.scratch.path("a.toml") }
        var configurationOfB: String { dropwire.scratch.path("b.toml") }

        init() throws {
            dropwire = try Installation()
            let scratch = dropwire.scratch
            ports = try (0..<4).map { _ in try Machines.freePort() }
            func makeKey(_ name: String) throws -> String {
                let tool = try BuiltProgram.run(["keygen", scratch.path(name), "--json"])
                #expect(tool.ending == .exited(0), "\(tool.errorOutput)")
                let made = try JSONDecoder().decode(JSONValue.self, from: Data(tool.output.utf8))
                return try #require(made["public"]?.stringValue)
            }
            keyOfA = try makeKey("a.key")
            keyOfB = try makeKey("b.key")
            try scratch.write("", to: "authorized_keys")
            try scratch.write("", to: "known_servers")
            try scratch.write(
                """
                state_directory = "\(scratch.path("state-a"))"
                runtime_directory = "\(scratch.path("run-a"))"
                [security]
                key_file = "\(scratch.path("a.key"))"
                authorized_keys = "\(scratch.path("authorized_keys"))"
                loopback = "keys"
                [watch]
                admin = ["ipc://\(scratch.path("run-a"))/admin.sock", "tcp://127.0.0.1:\(ports[3])"]
                [watch.stream]
                feed = ["ipc://\(scratch.path("run-a"))/feed.sock", "tcp://127.0.0.1:\(ports[0])"]
                log = ["ipc://\(scratch.path("run-a"))/log.sock", "tcp://127.0.0.1:\(ports[1])"]
                [[watch.drop]]
                path = "\(dropwire.dropPath)"
                source = "desk"
                poll_interval = "50ms"
                quiet_time = "50ms"
                settle_time = "50ms"
                [status]
                http = "127.0.0.1:0"
                report = ["ipc://\(scratch.path("run-a"))/report.sock", "tcp://127.0.0.1:\(ports[2])"]
                [status.stream]
                feed = ["ipc://\(scratch.path("run-a"))/results-feed.sock"]
                log = ["ipc://\(scratch.path("run-a"))/results.sock"]

                """, to: "a.toml")
            try scratch.write(
                """
                state_directory = "\(scratch.path("state-b"))"
                runtime_directory = "\(scratch.path("run-b"))"
                [security]
                key_file = "\(scratch.path("b.key"))"
                known_servers = "\(scratch.path("known_servers"))"
                loopback = "keys"
                [watch]
                admin = "tcp://127.0.0.1:\(ports[3])"
                [watch.stream]
                feed = "tcp://127.0.0.1:\(ports[0])"
                log = "tcp://127.0.0.1:\(ports[1])"
                [status]
                report = "tcp://127.0.0.1:\(ports[2])"

                """, to: "b.toml")
        }

        func authorize(_ roles: String) throws {
            try dropwire.scratch.write("curve \(keyOfB) b \(roles)\n", to: "authorized_keys")
        }

        func know() throws { try dropwire.scratch.write("127.0.0.1 \(keyOfA)\n", to: "known_servers") }

        /// The results on machine A.
        func results() throws -> [ResultRecord] {
            let client = CommandClient(
                context: try Context(), endpoints: ["ipc://\(dropwire.scratch.path("run-a"))/results.sock"])
            let json = LogRequests.fetch(after: nil, maximum: 500, waitMilliseconds: 0)
            return try FetchReply(client.request("FETCH", json: json, deadline: .seconds(10))).records
                .compactMap { try LogEntry(position: $0.position, bytes: $0.bytes).result }
        }

        private static func freePort() throws -> Int {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let code = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
                }
            }
            guard code == 0 else { throw Trouble("there is no free port") }
            return Int(UInt16(bigEndian: address.sin_port))
        }
    }

    @Test func `a worker on another machine works by its key, until that is taken away`() throws {
        let machines = try Machines()
        let dropwire = machines.dropwire
        try machines.know()
        try machines.authorize("log,claim,report")
        let watch = try dropwire.start("watch", configuration: machines.configurationOfA)
        let status = try dropwire.start("status", configuration: machines.configurationOfA)
        try watch.waitUntilReady()
        try status.waitUntilReady()
        let worker = try dropwire.start("summarize", configuration: machines.configurationOfB)
        try worker.waitUntilReady()
        try dropwire.drop(Sample.article(1), as: "1.txt")
        try waitUntil("the summary has come to machine A", within: .seconds(60)) {
            (try? machines.results())?.contains { $0.kind == "summarize" && $0.status == .ok } == true
        }
        func tool(_ arguments: String...) throws -> TestedProcess {
            try BuiltProgram.run([arguments[0], "--config", machines.configurationOfB] + arguments.dropFirst())
        }
        let tail = try tool("tail", "--from", "1", "--count", "1")
        #expect(tail.ending == .exited(0) && tail.output.contains(Sample.title(1)), "\(tail.errorOutput)")
        let pause = try tool("pause", dropwire.dropPath)
        #expect(pause.ending == .exited(1) && pause.errorOutput.contains("authorized_keys"), "\(pause.errorOutput)")

        // Without its line the key is worth nothing, and whoever serves says so.
        try dropwire.scratch.write("", to: "authorized_keys")
        watch.send(SIGHUP)
        try waitUntil("the watcher has let the key go") {
            watch.errorOutput.contains("connections_ended=\"key \(machines.keyOfB)")
        }
        try waitUntil("the worker is refused", within: .seconds(60)) {
            watch.errorOutput.contains("A peer was refused.") && watch.errorOutput.contains("key \(machines.keyOfB)")
        }
        // With a line again it goes on by itself.
        try machines.authorize("log,claim,report,admin")
        let reload = try BuiltProgram.run(["reload", "--config", machines.configurationOfA])
        #expect(reload.ending == .exited(0), "\(reload.errorOutput)")
        try dropwire.drop(Sample.article(2), as: "2.txt")
        try waitUntil("the second summary has come", within: .seconds(60)) {
            try machines.results().count { $0.kind == "summarize" && $0.status == .ok } == 2
        }
        #expect(try tool("pause", dropwire.dropPath).ending == .exited(0))
        for process in [worker, watch, status] { #expect(try process.stop() == .exited(0)) }
    }

    @Test func `a list that cannot be read is refused at the start and at a reload`() throws {
        let machines = try Machines()
        let dropwire = machines.dropwire
        try dropwire.scratch.write("curve nonsense\n", to: "authorized_keys")
        let refused = try dropwire.start("watch", configuration: machines.configurationOfA)
        #expect(try refused.waitUntilEnded() == .exited(78))
        #expect(refused.errorOutput.contains("authorized_keys:1: a key's line is: curve KEY NAME ROLES"))
        try machines.authorize("log")
        let watch = try dropwire.start("watch", configuration: machines.configurationOfA)
        try watch.waitUntilReady()
        try dropwire.scratch.write("curve nonsense\n", to: "authorized_keys")
        let reload = try BuiltProgram.run(["reload", "--config", machines.configurationOfA])
        #expect(reload.ending == .exited(78) || reload.ending == .exited(1), "\(reload.output)")
        #expect((reload.output + reload.errorOutput).contains("authorized_keys:1"))
        #expect(try watch.stop() == .exited(0))
    }

    @Test func `keygen makes a key for its owner only, and writes none over`() throws {
        let scratch = try ScratchDirectory()
        let first = try BuiltProgram.run(["keygen", scratch.path("key")])
        #expect(first.ending == .exited(0), "\(first.errorOutput)")
        #expect(scratch.attributes("key")?.mode == 0o600)
        let secret = try #require(scratch.read("key")).filter { $0 > 0x20 }
        let pair = try #require(CurveKeyPair(secretKey: String(decoding: secret, as: UTF8.self)))
        #expect(first.output.contains("curve \(pair.publicKey) "))
        #expect(!first.output.contains(pair.secretKey))
        let again = try BuiltProgram.run(["keygen", scratch.path("key")])
        #expect(again.ending == .exited(1) && again.errorOutput.contains("is there already"))
        let shown = try BuiltProgram.run(["keygen", "--public", scratch.path("key")])
        #expect(shown.output == pair.publicKey + "\n")
    }

    @Test(.enabled(if: PublishedProgram.hasZeroMQ))
    func `the consumer with a key in the README reads a log that asks for one`() throws {
        let machines = try Machines()
        let dropwire = machines.dropwire
        try machines.authorize("log")
        let watch = try dropwire.start("watch", configuration: machines.configurationOfA)
        try watch.waitUntilReady()
        try dropwire.drop(Sample.article(1), as: "1.txt")
        let consumer = try TestedProcess(
            name: "the consumer",
            command: PublishedProgram(page: .readMe, name: "keyed").command(in: dropwire.scratch),
            environment: [
                "DROPWIRE_LOG": "tcp://127.0.0.1:\(machines.ports[1])", "DROPWIRE_SERVER_KEY": machines.keyOfA,
                "DROPWIRE_KEY": dropwire.scratch.path("b.key"),
            ])
        try waitUntil("it has printed the article") { consumer.output.contains(Sample.title(1)) }
        try consumer.kill()
        #expect(try watch.stop() == .exited(0))
    }
}
