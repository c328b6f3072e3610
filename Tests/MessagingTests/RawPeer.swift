import Articles
import FoundationEssentials
import Testing
import ZeroMQ

@testable import Messaging

/// A raw socket of a test, as somebody else's client would use one.
final class RawPeer {
    let socket: Socket
    // Swift lets go of a test's house after its last mention, and with it of its server.
    private let keeper: AnyObject?

    init(
        _ kind: Socket.Kind = .dealer, _ context: Context, _ endpoint: String, keeping keeper: AnyObject? = nil
    ) throws {
        let socket = try Socket(kind, in: context)
        try socket.set(.linger, 0)
        if kind == .sub { try socket.subscribe("") }
        try socket.connect(endpoint)
        self.socket = socket
        self.keeper = keeper
    }

    func send(_ frames: [[UInt8]]) throws { #expect(try socket.send(frames)) }

    /// Sends a request; frames are written as texts.
    func send(_ command: String, _ json: String = "{}", id: String = "7", version: String = "DW1") throws {
        try send([version, command, id, json].map { Array($0.utf8) })
    }

    /// The next message; fails where none comes.
    func receive(within limit: Duration = .seconds(10)) throws -> [[UInt8]] {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            if let message = try socket.receive(maximumFrames: 10_000) { return message.frames }
            _ = try Poller.poll([socket.readable], timeout: end - .now)
        }
        throw Silence()
    }

    struct Silence: Error {}

    /// Sends a request and returns its answer.
    func ask(_ command: String, _ json: String = "{}", id: String = "7", version: String = "DW1") throws -> RawReply {
        try send(command, json, id: id, version: version)
        return try answer()
    }

    func answer() throws -> RawReply { RawReply(try receive()) }
}

/// An answer, taken apart.
struct RawReply: CustomStringConvertible {
    let frames: [[UInt8]]

    init(_ frames: [[UInt8]]) { self.frames = frames }

    var version: String { String(decoding: frames[0], as: UTF8.self) }
    var outcome: String { String(decoding: frames[1], as: UTF8.self) }
    var id: String { String(decoding: frames[2], as: UTF8.self) }
    var json: JSONValue { (try? JSONDecoder().decode(JSONValue.self, from: Data(frames[3]))) ?? .null }
    var isOK: Bool { outcome == "OK" }
    var code: Int64 { json["code"]?.integerValue ?? 0 }
    var description: String { frames.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " | ") }

    var records: [(position: Position, text: String)] {
        stride(from: 4, to: frames.count - 1, by: 2).compactMap { index in
            PositionFrame(frames[index]).map { ($0.position, String(decoding: frames[index + 1], as: UTF8.self)) }
        }
    }
    var seqs: [UInt64] { records.map(\.position.seq) }
    var next: Int64 { json["next"]?["after"]?.integerValue ?? -1 }
    func integers(_ member: String) -> [Int64] { (json[member]?.arrayValue ?? []).compactMap(\.integerValue) }
    subscript(_ member: String) -> JSONValue? { json[member] }
}
