package import Articles
import FoundationEssentials

/// A request in the envelope of DW1: `[∅]? "DW1" command rid json payload…`, and where its reply goes.
package struct Request: Sendable {
    /// The routing id and, for a REQ peer, its empty delimiter: the frames before the reply.
    let address: [[UInt8]]
    /// The request's id, 0 to 64 opaque bytes, echoed.
    let id: [UInt8]
    /// The command, for example `FETCH`.
    package let command: String
    /// The json frame, at most 64 KiB.
    package let json: [UInt8]
    /// The frames after it.
    package let payload: [[UInt8]]
    /// What its sender may do; all where no keys are in use.
    var roles = AccessRoles.all

    /// The peer's routing id, by which requests are counted.
    var peer: [UInt8] { address[0] }

    /// Returns the frames of its answer, for a ROUTER socket.
    package func answer(_ outcome: Result<Reply, WireError>) -> [[UInt8]] {
        Envelope.encode(address: address, id: id, outcome: outcome)
    }

    /// Decodes the json frame; what is wrong with it becomes a 400.
    package func decode<Body: Decodable>(_ type: Body.Type) throws(WireError) -> Body { try decoded() }

    /// Decodes the json frame, at once where it is plain.
    func decode<Body: PlainDecodable>(_ type: Body.Type) throws(WireError) -> Body {
        if let body = Body(plainFrame: json) { return body }
        return try decoded()
    }

    private func decoded<Body: Decodable>(as type: Body.Type = Body.self) throws(WireError) -> Body {
        do {
            return try JSONDecoder().decode(type, from: Data(json))
        } catch let error as DecodingError {
            throw .badRequest("\(command): \(Request.sentence(for: error))")
        } catch {
            throw .badRequest("\(command): the json frame is not JSON")
        }
    }

    private static func sentence(for error: DecodingError) -> String {
        func path(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
            (context.codingPath + (key.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context): return "the member '\(path(context, key))' is missing"
        case .typeMismatch(_, let context) where context.codingPath.isEmpty: return "the json frame is not an object"
        case .typeMismatch(let type, let context): return "the member '\(path(context))' is not a \(type)"
        case .valueNotFound(_, let context): return "the member '\(path(context))' is null"
        case .dataCorrupted(let context) where context.codingPath.isEmpty: return "the json frame is not JSON"
        case .dataCorrupted(let context): return "the member '\(path(context))': \(context.debugDescription)"
        @unknown default: return "the json frame does not fit"
        }
    }
}

/// What a server answers.
package struct Reply: Sendable {
    /// The json frame of an OK.
    package var json: [UInt8]
    /// The frames after it.
    package var payload: [[UInt8]]
    /// What a server sends behind the payload, each as two frames (position and record) that are made as they are sent.
    var records: [LogRecord] = []

    /// Makes an OK.
    package init(json: [UInt8] = Array("{}".utf8), payload: [[UInt8]] = []) {
        self.json = json
        self.payload = payload
    }

    /// Makes an OK whose json frame is written by `body` between the braces.
    package init(payload: [[UInt8]] = [], _ body: (inout JSONWriter) -> Void) {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        body(&writer)
        writer.endObject()
        json = writer.bytes
        self.payload = payload
    }

    /// Makes an OK with records.
    init(records: [LogRecord], _ body: (inout JSONWriter) -> Void) {
        self.init(body)
        self.records = records
    }

    /// Reads the json frame.
    package func decode<Body: Decodable>(_ type: Body.Type) throws -> Body {
        try JSONDecoder().decode(type, from: Data(json))
    }

    /// Reads the json frame, at once where it is plain.
    func decode<Body: PlainDecodable>(_ type: Body.Type) throws -> Body {
        if let body = Body(plainFrame: json) { return body }
        return try JSONDecoder().decode(type, from: Data(json))
    }
}

/// The codec of the envelope.
package enum Envelope {
    static let version = Array("DW1".utf8)
    static let ok = Array("OK".utf8)
    private static let failed = Array("ERR".utf8)
    private static let magic = Array("DW".utf8)

    /// What came in.
    package enum Incoming {
        case request(Request)
        /// Refused: the frames of the answer.
        case refused([[UInt8]])
        /// Not of this protocol at all: silence.
        case ignored
    }

    /// Limits of a server on what a request may be.
    package struct Limits: Sendable {
        /// Frames from the version on, with the payload.
        package var frames: Int
        /// Bytes of the json frame.
        package var jsonBytes = 64 << 10

        /// Makes limits.
        package init(frames: Int = 8) { self.frames = frames }
    }

    /// Reads a message of a ROUTER socket: the routing id is its first frame.
    package static func parse(_ frames: [[UInt8]], frameCount: Int, limits: Limits) -> Incoming {
        guard frames.count >= 2 else { return .ignored }
        var address = [frames[0]]
        var rest = frames.dropFirst()
        if rest.first?.isEmpty == true {
            address.append([])
            rest = rest.dropFirst()
        }
        guard let version = rest.first, version.starts(with: magic) else { return .ignored }
        rest = rest.dropFirst()
        let command = rest.first
        let id = rest.dropFirst().first ?? []
        func refuse(_ error: WireError, id: [UInt8]) -> Incoming {
            .refused(encode(address: address, id: id, outcome: .failure(error)))
        }
        guard version == Envelope.version else {
            return refuse(.version, id: id.count <= 64 ? id : [])
        }
        guard id.count <= 64 else { return refuse(.badRequest("the request id has more than 64 bytes"), id: []) }
        guard let command else { return refuse(.badRequest("the command is missing"), id: id) }
        guard rest.count >= 3 else { return refuse(.badRequest("the request id or the json frame is missing"), id: id) }
        guard frameCount - address.count <= limits.frames else {
            return refuse(
                WireError(.tooLarge, "TOO_LARGE", "a request has at most \(limits.frames) frames"), id: id)
        }
        let json = rest[rest.startIndex + 2]
        guard json.count <= limits.jsonBytes else {
            return refuse(
                WireError(.tooLarge, "TOO_LARGE", "the json frame has more than \(limits.jsonBytes) bytes"), id: id)
        }
        guard let name = String(validating: command, as: UTF8.self), name.utf8.count <= 64 else {
            return refuse(.badRequest("the command is not a word"), id: id)
        }
        return .request(
            Request(address: address, id: id, command: name, json: json, payload: Array(rest.dropFirst(3))))
    }

    /// Writes a reply for a ROUTER socket, without its records.
    static func encode(address: [[UInt8]], id: [UInt8], outcome: Result<Reply, WireError>) -> [[UInt8]] {
        switch outcome {
        case .success(let reply): address + [version, ok, id, reply.json] + reply.payload
        case .failure(let error): address + [version, failed, id, error.json]
        }
    }
}
