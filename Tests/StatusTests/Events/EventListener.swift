import Articles
import Glibc

@testable import Status

/// A client of the event stream, over a plain TCP connection.
final class EventListener {
    /// An event as a browser would have it.
    struct Event {
        var id: String?
        var name: String
        var data: JSONValue
    }

    struct Failure: Error { let what: String }

    private let descriptor: Int32
    private var bytes: [UInt8] = []
    /// The id of the last event, as a browser keeps it.
    private(set) var lastID: String?

    /// Connects; an HTTP/1.0 client gets the stream without the framing of chunks.
    init(port: UInt16, query: String = "", lastID: String? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let result = withUnsafeBytes(of: &address) { bytes in
            connect(
                descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(MemoryLayout<sockaddr_in>.size))
        }
        guard result == 0 else { throw Failure(what: "connect") }
        let place = lastID.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        let request = Array("GET /api/v1/events\(query) HTTP/1.0\r\nHost: localhost\r\n\(place)\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw Failure(what: "send")
        }
        let head = String(decoding: try block(), as: UTF8.self)
        guard head.contains(" 200 "), head.lowercased().contains("content-type: text/event-stream") else {
            throw Failure(what: head)
        }
    }

    deinit { close(descriptor) }

    /// Waits for the next event.
    func next() throws -> Event {
        while true {
            var (name, data): (String?, String?)
            var id: String?
            for line in String(decoding: try block(), as: UTF8.self).split(separator: "\n") {
                if line.hasPrefix("id: ") { id = String(line.dropFirst(4)) }
                if line.hasPrefix("event: ") { name = String(line.dropFirst(7)) }
                if line.hasPrefix("data: ") { data = (data.map { $0 + "\n" } ?? "") + line.dropFirst(6) }
            }
            if let id { lastID = id }
            guard let name, let data else { continue }
            return Event(id: id, name: name, data: try JSONValue(json: Array(data.utf8)))
        }
    }

    /// Waits for the next event of one of these names.
    func next(_ names: String...) throws -> Event {
        while true {
            let event = try next()
            if names.contains(event.name) { return event }
        }
    }

    /// Returns what stands before the next empty line.
    private func block() throws -> [UInt8] {
        while true {
            for end in [[10, 10] as [UInt8], [13, 10, 13, 10]] {
                guard bytes.count >= end.count,
                    let place = (0...bytes.count - end.count).first(where: {
                        bytes[$0..<$0 + end.count].elementsEqual(end)
                    })
                else { continue }
                defer { bytes.removeFirst(place + end.count) }
                return Array(bytes[..<place])
            }
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { throw Failure(what: count == 0 ? "the stream has ended" : "no event within 30 s") }
            bytes += buffer[..<count]
        }
    }
}
