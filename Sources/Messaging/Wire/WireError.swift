package import Articles

/// The ERR reply of DW1: a code, its name, a sentence, and fields that help the client.
package struct WireError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The codes of DW1 with their names.
    package enum Code: Int, Sendable {
        case badRequest = 400
        case forbidden = 403
        case notFound = 404
        case epoch = 409
        case expired = 410
        case tooLarge = 413
        case ahead = 416
        case busy = 429
        case `internal` = 500
        case unavailable = 503
        case version = 505
    }

    package var code: Int
    package var name: String
    package var message: String
    /// When to try again, in milliseconds.
    package var retryMilliseconds: Int?
    /// More members, for example `head` and `low`.
    package var fields: [String: JSONValue]

    /// Makes an error.
    package init(
        _ code: Code, _ name: String, _ message: String, retryMilliseconds: Int? = nil,
        fields: [String: JSONValue] = [:]
    ) {
        self.code = code.rawValue
        self.name = name
        self.message = message
        self.retryMilliseconds = retryMilliseconds
        self.fields = fields
    }

    /// 400: the request is not what the specification says.
    package static func badRequest(_ message: String, fields: [String: JSONValue] = [:]) -> WireError {
        WireError(.badRequest, "BAD_REQUEST", message, fields: fields)
    }

    /// 503, of this side's own making: the connection to a server ended before its reply came.
    package static func disconnected(_ endpoint: String) -> WireError {
        WireError(.unavailable, disconnectedName, "the connection to '\(endpoint)' ended before the answer came")
    }
    private static let disconnectedName = "DISCONNECTED"
    /// No server has said so, but the connection to one has ended.
    package var isOfConnection: Bool { name == WireError.disconnectedName }

    /// Reads the json frame of an ERR reply; whatever it lacks is filled in.
    package init(json: JSONValue) {
        code = Int(json["code"]?.integerValue ?? 500)
        name = json["name"]?.stringValue ?? "INTERNAL"
        message = json["msg"]?.stringValue ?? "the server gave no reason"
        retryMilliseconds = json["retry_ms"]?.integerValue.map(Int.init)
        fields = [:]
        if case .object(let members) = json {
            fields = members.filter { !["code", "name", "msg", "retry_ms"].contains($0.key) }
        }
    }

    /// The json frame.
    package var json: [UInt8] {
        var writer = JSONWriter(capacity: 160)
        writer.beginObject()
        writer.field("code", code)
        writer.field("name", name)
        writer.field("msg", message)
        writer.field("retry_ms", retryMilliseconds)
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
            writer.key(text: key)
            value.write(to: &writer)
        }
        writer.endObject()
        return writer.bytes
    }

    package var description: String { "\(name) (\(code)): \(message)" }
}
