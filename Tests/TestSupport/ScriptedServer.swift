import Glibc
import Linux
import Synchronization

/// An HTTP server of a test's own over a plain socket on loopback, for answers that no well-behaved server gives: one that
/// stalls, breaks off, streams, or says nonsense.
///
/// Each connection brings one request and is closed after its answer; a connection has a thread of its own.
package final class ScriptedServer: Sendable {
    /// A request as it came.
    package struct Request: Sendable {
        package let method: String
        package let path: String
        /// By lower-case names.
        package let headers: [String: String]
        package let body: [UInt8]
    }

    /// A step of an answer.
    package enum Step: Sendable {
        case send([UInt8])
        /// Says nothing more until the client goes, or the server does.
        case stall
    }

    /// The port on 127.0.0.1.
    package let port: UInt16
    private let listener: Int32
    private let bell: WakeUp
    private let answer: @Sendable (Int, Request) -> [Step]
    private let received = Mutex<[Request]>([])
    private let threads = Mutex<[SystemThread]>([])
    private let isStopped = Atomic<Bool>(false)

    /// Starts to serve.
    ///
    /// - Parameter answer: given the number of the request, from 1, and the request.
    package init(answer: @escaping @Sendable (Int, Request) -> [Step]) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound, listen(listener, 64) == 0 else { throw SystemError(operation: "listen on 127.0.0.1") }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        bell = try WakeUp()
        self.answer = answer
        let accepting = try SystemThread(name: "scripted") { [weak self] in ScriptedServer.accept(self) }
        threads.withLock { $0.append(accepting) }
    }

    /// Ends all that stalls, and waits until nothing runs.
    package func stop() {
        isStopped.store(true, ordering: .relaxed)
        bell.ring()
        while let thread = threads.withLock({ $0.popLast() }) { thread.join() }
        close(listener)
    }

    /// The requests so far, in the order of their arrival.
    package var requests: [Request] { received.withLock { $0 } }

    /// Returns an answer with a status, headers and a body.
    package static func reply(
        _ status: Int, _ body: String, type: String = "application/json", headers: [String] = []
    ) -> [Step] {
        let lines =
            ["HTTP/1.1 \(status) Status", "Content-Type: \(type)", "Content-Length: \(body.utf8.count)"] + headers
            + ["Connection: close", "", body]
        return [.send(Array(lines.joined(separator: "\r\n").utf8))]
    }

    private static func accept(_ server: ScriptedServer?) {
        guard let server else { return }
        while !server.isStopped.load(ordering: .relaxed) {
            let ready = Poll.readable([server.listener, server.bell.descriptor], timeout: nil)
            guard ready.contains(server.listener) else { continue }
            let connection = Glibc.accept(server.listener, nil, nil)
            guard connection >= 0 else { continue }
            guard let thread = try? SystemThread(name: "scripted", { server.serve(connection) }) else { continue }
            server.threads.withLock { $0.insert(thread, at: 0) }
        }
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        guard let request = readRequest(connection) else { return }
        let number = received.withLock { received in
            received.append(request)
            return received.count
        }
        for step in answer(number, request) {
            switch step {
            case .send(let bytes):
                var sent = 0
                while sent < bytes.count {
                    let count = bytes.withUnsafeBytes {
                        Glibc.send(connection, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
                    }
                    guard count > 0 else { return }
                    sent += count
                }
            case .stall:
                while !isStopped.load(ordering: .relaxed) {
                    let ready = Poll.readable([connection, bell.descriptor], timeout: nil)
                    var byte: UInt8 = 0
                    if ready.contains(connection), recv(connection, &byte, 1, 0) <= 0 { return }
                }
            }
        }
    }

    private func readRequest(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let head = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) {
                let lines = String(decoding: bytes[..<head], as: UTF8.self).split(separator: "\r\n")
                let words = lines[0].split(separator: " ")
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
                    headers[parts[0].lowercased()] = String((parts.last ?? "").drop { $0 == " " })
                }
                let length = headers["content-length"].flatMap(Int.init) ?? 0
                if bytes.count - head - 4 >= length {
                    return Request(
                        method: String(words[0]), path: String(words[1]), headers: headers,
                        body: Array(bytes[(head + 4)..<(head + 4 + length)]))
                }
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
    }
}
