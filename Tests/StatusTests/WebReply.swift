import Articles
import Glibc

@testable import Status

/// An HTTP reply, asked for over a plain TCP connection.
struct WebReply {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: [UInt8]

    struct Failure: Error { let what: String }

    var text: String { String(decoding: body, as: UTF8.self) }
    func json() throws -> JSONValue { try JSONValue(json: body) }

    static func ask(port: UInt16, _ request: String) throws -> WebReply {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let result = withUnsafeBytes(of: &address) { bytes in
            connect(
                descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(MemoryLayout<sockaddr_in>.size))
        }
        guard result == 0 else { throw Failure(what: "connect: \(String(cString: strerror(errno)))") }
        let bytes = Array(request.utf8)
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Failure(what: "send")
        }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count >= 0 else { throw Failure(what: "receive: \(String(cString: strerror(errno)))") }
            if count == 0 { break }
            all += buffer[..<count]
        }
        guard let end = (0..<max(0, all.count - 3)).first(where: { all[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) })
        else { throw Failure(what: "no reply") }
        let lines = String(decoding: all[..<end], as: UTF8.self).split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        return WebReply(
            status: Int(lines[0].split(separator: " ")[1]) ?? 0, headers: headers, body: Array(all[(end + 4)...]))
    }
}
