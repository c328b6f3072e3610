import Articles
import FoundationEssentials
import Glibc
package import Linux
package import ZeroMQ

/// A DEALER that sends commands of DW1 and takes their replies. It belongs to the thread that made it.
///
/// A reply that does not come within its deadline costs the socket: a new one is made, and the caller sends again; every
/// command is idempotent.
package final class CommandClient {
    /// Why a request has no reply.
    package enum Failure: Error, CustomStringConvertible {
        /// No reply within the deadline: the server is down, frozen or far.
        case timedOut(endpoint: String, command: String)
        /// The wait was ended by ``WakeUp``.
        case interrupted

        package var description: String {
            switch self {
            case .timedOut(let endpoint, let command):
                "\(command): no answer from '\(endpoint)'; \(Failure.hint(endpoint))"
            case .interrupted: "the wait was ended"
            }
        }

        /// What the socket's file says about an endpoint that does not answer.
        private static func hint(_ endpoint: String) -> String {
            guard endpoint.hasPrefix("ipc://") else { return "is its process running?" }
            if access(String(endpoint.dropFirst(6)), W_OK) == 0 { return "its process is frozen, or has just ended" }
            return errno == EACCES
                ? "this user may not use its socket: join the group that owns it" : "its process is not running"
        }
    }

    /// A reply with the id of its request.
    package struct Answer {
        /// The id that ``send(_:json:payload:)`` returned.
        package let id: UInt64
        package let outcome: Result<Reply, WireError>
    }

    /// The endpoint in use; after a failure the next of the list.
    package var endpoint: String { endpoints[current % endpoints.count] }

    private let context: Context
    private let endpoints: [String]
    private var current = 0
    private var socket: Socket?
    private var nextID: UInt64 = .random(in: 0..<1 << 40)
    private var outstanding: Set<UInt64> = []

    /// Makes a client of the server at one of `endpoints` (they are alternatives); connects at the first request.
    package init(context: Context, endpoints: [String]) {
        precondition(!endpoints.isEmpty, "a client needs an endpoint")
        self.context = context
        self.endpoints = endpoints
    }

    /// To wait for replies; nil before the first request.
    package var readable: PollEntry? { socket?.readable }

    /// The number of requests without a reply.
    package var outstandingCount: Int { outstanding.count }

    /// Sends a request and returns its id; nil where the socket has no room.
    package func send(_ command: String, json: [UInt8], payload: [[UInt8]] = []) throws -> UInt64? {
        try connectIfNeeded()
        nextID += 1
        let id = withUnsafeBytes(of: nextID.bigEndian) { Array($0) }
        guard try socket!.send([Envelope.version, Array(command.utf8), id, json] + payload) else { return nil }
        outstanding.insert(nextID)
        return nextID
    }

    /// Returns the next reply that belongs to an outstanding request, without waiting.
    package func receive() throws -> Answer? {
        guard socket != nil else { return nil }
        while let message = try socket!.receive(maximumFrames: 1 << 16) {
            let frames = message.frames
            guard frames.count >= 4, frames[0] == Envelope.version, frames[2].count == 8 else { continue }
            let id = frames[2].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard outstanding.remove(id) != nil else { continue }
            if frames[1] == Array("OK".utf8) {
                return Answer(id: id, outcome: .success(Reply(json: frames[3], payload: Array(frames[4...]))))
            }
            let json = (try? JSONDecoder().decode(JSONValue.self, from: Data(frames[3]))) ?? .null
            return Answer(id: id, outcome: .failure(WireError(json: json)))
        }
        return nil
    }

    /// Gives the socket up, with every outstanding request; the next request makes a new one to the next endpoint.
    package func reset() {
        socket = nil
        outstanding.removeAll()
        current += 1
    }

    /// Sends a request and waits for its reply.
    ///
    /// - Parameters:
    ///   - deadline: how long to wait; after it the socket is given up.
    ///   - interrupt: ends the wait when it is rung (it is not silenced here).
    /// - Throws: ``Failure``, `WireError` for an ERR reply, `ZeroMQError`.
    package func request(
        _ command: String, json: [UInt8] = Array("{}".utf8), payload: [[UInt8]] = [], deadline: Duration = .seconds(5),
        interrupt: WakeUp? = nil
    ) throws -> Reply {
        guard let id = try send(command, json: json, payload: payload) else {
            reset()
            throw Failure.timedOut(endpoint: endpoint, command: command)
        }
        let end = ContinuousClock.now + deadline
        while true {
            let rest = end - ContinuousClock.now
            guard rest > .zero else {
                let failure = Failure.timedOut(endpoint: endpoint, command: command)
                reset()
                throw failure
            }
            var entries = [readable].compactMap { $0 }
            if let interrupt { entries.append(PollEntry(descriptor: interrupt.descriptor)) }
            let flags = try Poller.poll(entries, timeout: rest)
            while let answer = try receive() {
                if answer.id == id { return try answer.outcome.get() }
            }
            if interrupt != nil, flags[1] { throw Failure.interrupted }
        }
    }

    private func connectIfNeeded() throws {
        guard socket == nil else { return }
        let made = try Socket(.dealer, in: context)
        try made.setClientDefaults()
        try made.connect(endpoint)
        socket = consume made
    }
}
