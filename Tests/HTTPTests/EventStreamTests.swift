import Synchronization
import TestSupport
import Testing

@testable import HTTP

@Suite(.timeLimit(.minutes(5))) struct EventStreamTests {
    /// The streams that a server has handed out, in their order.
    private final class Streams: Sendable {
        private let all = Mutex<[EventStream]>([])
        let ended = Atomic<Int>(0)

        var opened: [EventStream] { all.withLock { $0 } }
        var endedCount: Int { ended.load(ordering: .sequentiallyConsistent) }

        func open(bufferLimit: Int) -> EventStream {
            let stream = EventStream(bufferLimit: bufferLimit) { [self] in
                ended.wrappingAdd(1, ordering: .sequentiallyConsistent)
            }
            all.withLock { $0.append(stream) }
            return stream
        }

        /// Waits until so many were handed out.
        func await(_ count: Int) throws -> [EventStream] {
            try waitUntil("\(count) streams are open") { opened.count >= count }
            return opened
        }
    }

    /// A server that answers `/events` with a stream, and everything else at once.
    private func serve(
        _ streams: Streams, bufferLimit: Int = 1 << 20, _ change: (inout Server.Configuration) -> Void = { _ in }
    ) throws -> Server {
        var configuration = Server.Configuration()
        change(&configuration)
        return try Server(configuration: configuration) { request in
            request.path == "/events" ? .events(streams.open(bufferLimit: bufferLimit)) : .text("ok")
        }
    }

    private func subscribe(_ server: Server, method: String = "GET", version: String = "1.1") throws -> RawClient {
        let client = try RawClient(port: server.port)
        client.send("\(method) /events HTTP/\(version)\r\nHost: a\r\n\r\n")
        return client
    }

    @Test func `what is sent arrives, also after a silence`() throws {
        let streams = Streams()
        let server = try serve(streams)
        let client = try subscribe(server)
        let head = try client.read(until: "\r\n\r\n")
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(head.contains("Content-Type: text/event-stream\r\n"))
        #expect(head.contains("Cache-Control: no-cache\r\n"))
        let stream = try streams.await(1)[0]
        #expect(stream.isOpen)
        for number in 0..<3 {
            // Nothing comes by itself: the connection sleeps.
            #expect(!client.hears(within: .milliseconds(30)))
            #expect(stream.send(ServerSentEvent("\(number)", id: "\(number)").bytes))
            #expect(try client.read(until: "\n\n").hasSuffix("id: \(number)\ndata: \(number)\n\n"))
        }
        // The thread that serves it is free for others.
        #expect(try RawClient(port: server.port).request("GET /").body == "ok")
    }

    @Test func `threads that send at the same time lose and mix up nothing`() throws {
        let streams = Streams()
        let server = try serve(streams)
        // HTTP/1.0 knows no chunks, which would begin anywhere.
        let client = try subscribe(server, version: "1.0")
        let stream = try streams.await(1)[0]
        let threads = 4
        let count = 2000
        let seen = Mutex<[Int: [Int]]>([:])
        let senders = try (0..<threads).map { thread in
            try TestThread {
                for number in 0..<count { stream.send(ServerSentEvent("\(thread)/\(number)").bytes) }
            }
        }
        for _ in 0..<threads * count {
            _ = try client.read(until: "data: ")
            let parts = try client.read(until: "\n\n").dropLast(2).split(separator: "/").compactMap { Int($0) }
            seen.withLock { $0[parts[0], default: []].append(parts[1]) }
        }
        for sender in senders { sender.join() }
        #expect(seen.withLock { $0 } == Dictionary(uniqueKeysWithValues: (0..<threads).map { ($0, Array(0..<count)) }))
    }

    @Test func `a large message is sent in pieces and stays whole`() throws {
        let streams = Streams()
        let server = try serve(streams)
        let client = try subscribe(server, version: "1.0")
        // HTTP/1.0 knows no chunks: what comes behind the head is what was sent.
        _ = try client.read(until: "\r\n\r\n")
        let text = String(repeating: "0123456789", count: 50_000)
        #expect(try streams.await(1)[0].send(ServerSentEvent(text).bytes))
        #expect(try client.read(until: "\n\n") == "data: \(text)\n\n")
        streams.opened[0].finish()
        try client.readToEnd()
    }

    @Test func `a stream that is finished is a complete reply, and the connection goes on`() throws {
        let streams = Streams()
        let server = try serve(streams)
        let client = try subscribe(server)
        let stream = try streams.await(1)[0]
        stream.send(ServerSentEvent("last").bytes)
        stream.finish()
        #expect(!stream.isOpen && !stream.send([1]))
        #expect(try client.read(until: "\r\n0\r\n\r\n").contains("data: last\n\n"))
        #expect(try client.request("GET /").body == "ok")
        try waitUntil("the end is told") { streams.endedCount == 1 }
    }

    @Test func `a client that goes is noticed while nothing is sent`() throws {
        let streams = Streams()
        let server = try serve(streams)
        for _ in 0..<2 {
            let client = try subscribe(server)
            _ = try client.read(until: "\r\n\r\n")
        }
        try waitUntil("both ends are told") { streams.endedCount == 2 }
        #expect(streams.opened.allSatisfy { !$0.isOpen && !$0.send([1]) })
        try waitUntil("no connection is left") { server.context.table.isEmpty }
    }

    @Test func `a silent stream sends comments`() throws {
        let streams = Streams()
        let server = try serve(streams) { $0.eventStreamHeartbeat = .milliseconds(50) }
        let client = try subscribe(server)
        for _ in 0..<3 { _ = try client.read(until: "\r\n:\n\n\r\n") }
    }

    @Test func `a client that does not take what is sent is cut off, and no other`() throws {
        let streams = Streams()
        let server = try serve(streams, bufferLimit: 64 << 10)
        let lazy = try subscribe(server)
        _ = try streams.await(1)
        let eager = try subscribe(server)
        let both = try streams.await(2)
        let message = ServerSentEvent(String(repeating: "x", count: 4000)).bytes
        var sent = 0
        // The kernel's buffers take some megabytes before ours fills.
        while both[0].send(message), sent < 100_000 {
            #expect(both[1].send(message))
            _ = try eager.read(until: "\n\n")
            sent += 1
        }
        #expect(sent > 16 && sent < 100_000)
        try waitUntil("the lazy client is cut off") { streams.endedCount == 1 }
        try lazy.readToEnd()
        #expect(both[1].isOpen && both[1].send(message))
        _ = try eager.read(until: "\n\n")
    }

    @Test func `a server stops with streams that sleep and streams that are sent to`() throws {
        let streams = Streams()
        let server = try serve(streams) { $0.threads = 2 }
        let clients = try (0..<40).map { _ in try subscribe(server) }
        let opened = try streams.await(40)
        for client in clients { _ = try client.read(until: "\r\n\r\n") }
        let isOver = Atomic<Bool>(false)
        let sender = try TestThread {
            while !isOver.load(ordering: .sequentiallyConsistent) {
                for stream in opened.prefix(20) { stream.send(ServerSentEvent("x").bytes) }
            }
        }
        server.stop()
        isOver.store(true, ordering: .sequentiallyConsistent)
        sender.join()
        for client in clients { try client.readToEnd() }
        #expect(streams.endedCount == 40)
        #expect(opened.allSatisfy { !$0.isOpen })
    }

    @Test func `a stream serves one reply`() throws {
        let stream = EventStream()
        let server = try Server { _ in .events(stream) }
        let first = try subscribe(server)
        _ = try first.read(until: "\r\n\r\n")
        #expect(try RawClient(port: server.port).request("GET /events").status == 500)
        #expect(stream.send(ServerSentEvent("still there").bytes))
        _ = try first.read(until: "data: still there\n\n")
    }

    @Test func `HEAD opens no stream`() throws {
        let streams = Streams()
        let server = try serve(streams)
        let client = try subscribe(server, method: "HEAD")
        #expect(try client.read(until: "\r\n\r\n").contains("text/event-stream"))
        try waitUntil("the end is told") { streams.endedCount == 1 }
        let next = try client.request("GET /")
        #expect(next.status == 200 && next.body == "ok", "\(next)")
    }

    @Test func `streams are not held by the times of replies`() throws {
        let streams = Streams()
        let server = try serve(streams) {
            $0.headTimeout = .milliseconds(100)
            $0.replyTimeout = .milliseconds(100)
            $0.timeout = .seconds(1)
            $0.eventStreamHeartbeat = .seconds(60)
        }
        let client = try subscribe(server)
        _ = try client.read(until: "\r\n\r\n")
        #expect(!client.hears(within: .milliseconds(1500)))
        #expect(try streams.await(1)[0].send(ServerSentEvent("late").bytes))
        _ = try client.read(until: "data: late\n\n")
    }

    @Test func `an event is written as the standard has it`() {
        func text(_ event: ServerSentEvent) -> String { String(decoding: event.bytes, as: UTF8.self) }
        #expect(text(.init("a")) == "data: a\n\n")
        #expect(text(.init("")) == "data: \n\n")
        #expect(text(.init("a\nb\r\nc\rd\n")) == "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n")
        #expect(
            text(.init("ä", name: "article", id: "7", retry: .seconds(2)))
                == "id: 7\nevent: article\nretry: 2000\ndata: ä\n\n")
    }
}
