import Articles
import FoundationEssentials
import Glibc
package import Linux
package import ZeroMQ

/// A DEALER that sends commands of DW1 and takes their replies. It belongs to the thread that made it.
///
/// A request whose connection ends gets an error at once. A reply that does not come within its deadline costs the socket: a
/// new one is made. In either case the caller sends again; every command is idempotent.
package final class CommandClient {
    /// Why a request has no reply.
    package enum Failure: Error, CustomStringConvertible {
        /// No reply within the deadline: the server is down, frozen or far.
        case timedOut(endpoint: String, command: String)
        /// The server does not let this process in, or this process does not know the server: the sentence says what to do.
        case refused(command: String, reason: String)
        /// The wait was ended by ``WakeUp``.
        case interrupted

        package var description: String {
            switch self {
            case .timedOut(let endpoint, let command):
                "\(command): no answer from '\(endpoint)'; \(Failure.hint(endpoint))"
            case .refused(let command, let reason): "\(command): \(reason)"
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
    private var connection: ClientConnection?
    /// Which of the keys is tried that a server may have.
    private var attempt = 0
    /// Why there is no connection, in a sentence: the server refuses this process, or a key is missing on this side.
    package private(set) var refusal: String?
    private var nextID: UInt64 = .random(in: 0..<1 << 40)
    private var outstanding: Set<UInt64> = []
    /// Requests that were outstanding when their connection ended.
    private var lost: Set<UInt64> = []

    /// Makes a client of the server at one of `endpoints` (they are alternatives); connects at the first request.
    package init(context: Context, endpoints: [String]) {
        precondition(!endpoints.isEmpty, "a client needs an endpoint")
        self.context = context
        self.endpoints = endpoints
    }

    /// The server has refused this connection: what was sent on it gets no reply, and the next request makes another.
    package var isRefused: Bool { connection?.isHopeless ?? false }

    /// To wait for replies, and for the end of the connection; empty before the first request.
    package var readable: [PollEntry] { connection.map { [$0.socket.readable, $0.handshakes] } ?? [] }

    /// The number of requests without a reply.
    package var outstandingCount: Int { outstanding.count }

    /// Sends a request and returns its id; nil where the socket has no room, or ``refusal`` says why there is none.
    package func send(_ command: String, json: [UInt8], payload: [[UInt8]] = []) throws -> UInt64? {
        guard try connectIfNeeded(), let connection else { return nil }
        nextID += 1
        let id = withUnsafeBytes(of: nextID.bigEndian) { Array($0) }
        guard try connection.socket.send([Envelope.version, Array(command.utf8), id, json] + payload) else {
            return nil
        }
        outstanding.insert(nextID)
        return nextID
    }

    /// Returns the next reply that belongs to an outstanding request, without waiting: one whose connection has ended has
    /// ``WireError/disconnected(_:)`` for its reply.
    package func receive() throws -> Answer? {
        guard let connection else { return nil }
        while let message = try connection.socket.receive(maximumFrames: 1 << 16) {
            var frames = message.frames
            guard frames.count >= 4, frames[0] == Envelope.version, frames[2].count == 8 else { continue }
            let id = frames[2].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard outstanding.remove(id) != nil else { continue }
            if frames[1] == Envelope.ok {
                let json = frames[3]
                frames.removeFirst(4)
                return Answer(id: id, outcome: .success(Reply(json: json, payload: frames)))
            }
            let json = (try? JSONDecoder().decode(JSONValue.self, from: Data(frames[3]))) ?? .null
            return Answer(id: id, outcome: .failure(WireError(json: json)))
        }
        try look()
        return lost.popFirst().map { Answer(id: $0, outcome: .failure(.disconnected(endpoint))) }
    }

    /// Gives the socket up, with every outstanding request; the next request makes a new one to the next endpoint.
    package func reset() {
        forgetConnection()
        current += 1
        // Every endpoint is tried with its first key before one is with its second.
        attempt = current / endpoints.count
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
        let end = ContinuousClock.now + deadline
        while true {
            guard let id = try send(command, json: json, payload: payload), let connection else {
                throw fail(command)
            }
            while true {
                let rest = end - ContinuousClock.now
                guard rest > .zero else { throw fail(command) }
                var entries = readable
                if let interrupt { entries.append(PollEntry(descriptor: interrupt.descriptor)) }
                let flags = try Poller.poll(entries, timeout: rest)
                var isLost = false
                while let answer = try receive() {
                    guard answer.id == id else { continue }
                    if case .failure(let error) = answer.outcome, error.isOfConnection {
                        isLost = true
                    } else {
                        return try answer.outcome.get()
                    }
                }
                if interrupt != nil, flags.last == true { throw Failure.interrupted }
                // A server that was started again is asked again, within the same time.
                if isLost { break }
                guard connection.isHopeless else { continue }
                // The next key that this server may have is tried at once, within the same time.
                guard tryNextKey() else { throw fail(command) }
                break
            }
        }
    }

    /// Takes in how handshakes and connections ended.
    private func look() throws {
        guard let connection else { return }
        try connection.look()
        refusal = connection.refusal
        guard connection.takeLoss() else { return }
        lost.formUnion(outstanding)
        outstanding.removeAll()
    }

    private func forgetConnection() {
        connection = nil
        outstanding.removeAll()
        lost.removeAll()
    }

    /// Begins anew with the next key of the same server; false where there is no other.
    private func tryNextKey() -> Bool {
        guard let address = try? Endpoint(connecting: endpoint),
            let keys = try? context.security?.serverKeys(of: address), attempt + 1 < keys.count
        else { return false }
        forgetConnection()
        attempt += 1
        return true
    }

    private func fail(_ command: String) -> Failure {
        let failure =
            refusal.map { Failure.refused(command: command, reason: $0) }
            ?? .timedOut(endpoint: endpoint, command: command)
        reset()
        return failure
    }

    /// Returns whether there is a socket to send on.
    private func connectIfNeeded() throws -> Bool {
        try look()
        if let connection {
            guard connection.isHopeless else { return true }
            // What was sent on it is lost in any case.
            forgetConnection()
            attempt += 1
        }
        do {
            connection = try ClientConnection(.dealer, to: endpoint, attempt: attempt, in: context)
            refusal = nil
            return true
        } catch let error as SecurityProblem {
            refusal = error.description
            return false
        }
    }
}
