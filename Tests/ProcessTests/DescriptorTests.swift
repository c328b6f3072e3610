import Glibc
import Linux
import Messaging
import TestSupport
import Testing
import ZeroMQ

/// Connections without end, and a process with few descriptors: libzmq alone would end it.
@Suite struct DescriptorTests {
    private static let prlimit = "/usr/bin/prlimit"

    @Test(.enabled(if: access(DescriptorTests.prlimit, X_OK) == 0))
    func `thousands of connections neither end the watcher nor keep it from its work`() throws {
        ProcessInformation.raiseOpenFileLimit()
        let dropwire = try Installation()
        let watch = try dropwire.startReady("watch", launcher: [DescriptorTests.prlimit, "--nofile=256:256"])
        let run = dropwire.scratch.path("run")
        let client = CommandClient(context: dropwire.context, endpoints: ["ipc://\(run)/watch-log.sock"])
        let feeds = try client.request("HELLO").decode(Hello.self).feed
        let port = try #require(feeds.compactMap { $0.firstMatch(of: /tcp:\/\/127\.0\.0\.1:(\d+)/) }.first?.output.1)
        let places = [
            Place.path("\(run)/watch-log.sock"), .path("\(run)/watch-feed.sock"), .path("\(run)/watch/admin.sock"),
            .port(try #require(UInt16(port))),
        ]
        var crowd = Crowd(limit: 1000)
        for _ in 0..<1000 {
            for place in places { crowd.connect(to: place) }
            guard watch.ending == nil else { break }
        }
        #expect(watch.ending == nil, "\(watch.errorOutput)")
        // Whoever was there before is served, and what is dropped becomes an article.
        #expect(throws: Never.self) { try client.request("PING") }
        try dropwire.drop(Sample.article(1), as: "1.txt")
        try waitUntil("the article is there, in the middle of the crowd") {
            let json = LogRequests.fetch(after: nil, maximum: 10, waitMilliseconds: 0)
            let reply = try FetchReply(client.request("FETCH", json: json))
            return reply.records.contains { String(decoding: $0.bytes, as: UTF8.self).contains(Sample.title(1)) }
        }
        // When they have gone, others come in again.
        crowd.leave()
        #expect(try dropwire.records().contains { $0.article != nil })
        try waitUntil("it says what it did") { watch.errorOutput.contains("Connections were closed") }
        #expect(try watch.stop() == .exited(0), "\(watch.errorOutput)")
    }

    private struct Hello: Decodable {
        var feed: [String]
    }

    /// Where a connection goes.
    private enum Place {
        case path(String)
        case port(UInt16)
    }

    /// Connections that say nothing.
    private struct Crowd {
        let limit: Int
        private var descriptors: [Int32] = []

        init(limit: Int) { self.limit = limit }

        /// Connects without waiting; the oldest goes where there are too many.
        mutating func connect(to place: Place) {
            let family = if case .path = place { AF_UNIX } else { AF_INET }
            let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            let descriptor = socket(family, kind, 0)
            guard descriptor >= 0 else { return }
            switch place {
            case .path(let path):
                var address = sockaddr_un()
                address.sun_family = sa_family_t(AF_UNIX)
                withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
                Crowd.connect(descriptor, &address)
            case .port(let port):
                var address = sockaddr_in()
                address.sin_family = sa_family_t(AF_INET)
                address.sin_port = port.bigEndian
                address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
                Crowd.connect(descriptor, &address)
            }
            descriptors.append(descriptor)
            if descriptors.count > limit { close(descriptors.removeFirst()) }
        }

        mutating func leave() {
            for descriptor in descriptors { close(descriptor) }
            descriptors = []
        }

        private static func connect<Address>(_ descriptor: Int32, _ address: inout Address) {
            _ = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
                }
            }
        }
    }
}
