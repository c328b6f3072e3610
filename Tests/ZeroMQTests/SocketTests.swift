import Glibc
import Linux
import Testing

@testable import ZeroMQ

@Suite struct SocketTests {
    let context: Context
    init() throws { context = try Context() }

    func receive(_ socket: borrowing Socket, maximumFrames: Int = 64) throws -> ReceivedMessage? {
        _ = try Poller.poll([socket.readable], timeout: .seconds(10))
        return try socket.receive(maximumFrames: maximumFrames)
    }

    @Test func `frames of all sizes go there and back`() throws {
        let server = try Socket(.router, in: context)
        try server.bind("tcp://127.0.0.1:*")
        #expect(server.lastEndpoint.hasPrefix("tcp://127.0.0.1:") && !server.lastEndpoint.hasSuffix("*"))
        let client = try Socket(.dealer, in: context)
        try client.connect(server.lastEndpoint)
        let frames: [[UInt8]] = [[], [1], [UInt8](repeating: 7, count: 1 << 20), [], Array(0...255)]
        #expect(try client.send(frames))
        let message = try #require(try receive(server))
        #expect(message.frameCount == 6)
        #expect(Array(message.frames.dropFirst()) == frames)
        #expect(try server.send(message.frames))
        #expect(try receive(client)?.frames == frames)
        #expect(try client.receive() == nil)
    }

    /// The threads of libzmq in this process, with their nice values.
    private func backgroundThreads() throws -> [Int32: Int32] {
        let folder = try #require(opendir("/proc/self/task"))
        defer { closedir(folder) }
        var found: [Int32: Int32] = [:]
        while let entry = readdir(folder) {
            let entryName = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let id = Int32(entryName), let file = fopen("/proc/self/task/\(id)/comm", "r") else { continue }
            defer { fclose(file) }
            var name = [UInt8](repeating: 0, count: 16)
            guard fread(&name, 1, name.count, file) > 5, name.starts(with: "ZMQbg".utf8) else { continue }
            found[id] = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(id))
        }
        return found
    }

    @Test func `what goes in and out has the precedence of who made the context, whoever makes the first socket`()
        throws
    {
        let before = try backgroundThreads()
        let made = try Context()
        try SystemThread(name: "work", precedence: .background) { _ = try? Socket(.dealer, in: made) }.join()
        let new = try backgroundThreads().filter { before[$0.key] == nil }
        let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        #expect(new.count >= 2)
        #expect(new.values.allSatisfy { $0 == own })
    }

    @Test func `frames beyond the maximum are counted and let go`() throws {
        let server = try Socket(.router, in: context)
        try server.bind("inproc://many")
        let client = try Socket(.dealer, in: context)
        try client.connect("inproc://many")
        #expect(try client.send([[UInt8]](repeating: [1], count: 20)))
        #expect(try client.send([[2]]))
        let message = try #require(try receive(server, maximumFrames: 5))
        #expect(message.frames.count == 5 && message.frameCount == 21)
        // The next message begins where it begins.
        #expect(try receive(server)?.frames.last == [2])
    }

    @Test func `a router says that a peer is gone instead of throwing the message away`() throws {
        let server = try Socket(.router, in: context)
        try server.set(.routerMandatory, 1)
        try server.bind("inproc://gone")
        #expect(try server.send([[1, 2, 3, 4, 5], [6]]) == false)
    }

    @Test func `a full queue refuses whole messages and takes them again later`() throws {
        let server = try Socket(.router, in: context)
        try server.set(.receiveHighWaterMark, 2)
        try server.bind("inproc://full")
        let client = try Socket(.dealer, in: context)
        try client.set(.sendHighWaterMark, 2)
        try client.connect("inproc://full")
        var sent: UInt8 = 0
        while try client.send([[sent], [sent]]) { sent += 1 }
        #expect(sent >= 2)
        for index in 0..<sent {
            let message = try #require(try receive(server))
            #expect(message.frames.dropFirst() == [[index], [index]])
        }
        // libzmq looks for news before a send at most once in a millisecond or so; it can be told to.
        try client.processCommands()
        #expect(try client.send([[sent], [sent]]))
        #expect(try receive(server)?.frames.dropFirst() == [[sent], [sent]])
    }

    @Test func `a context that shuts down ends the calls on its sockets`() throws {
        let own = try Context()
        let socket = try Socket(.dealer, in: own)
        own.shutDown()
        let error = #expect(throws: ZeroMQError.self) { try socket.receive() }
        #expect(error?.isTerminated == true)
    }

    @Test func `a poll ends at its time, rounded up, with no flag set`() throws {
        let socket = try Socket(.dealer, in: context)
        let start = ContinuousClock.now
        #expect(try Poller.poll([socket.readable], timeout: .microseconds(20_500)) == [false])
        #expect(ContinuousClock.now - start >= .microseconds(20_500))
    }

    @Test func `an error says what was being done and why it failed`() throws {
        let first = try Socket(.router, in: context)
        try first.bind("inproc://taken")
        let second = try Socket(.router, in: context)
        let error = #expect(throws: ZeroMQError.self) { try second.bind("inproc://taken") }
        #expect(error?.description == "bind 'inproc://taken': Address already in use")
    }
}
