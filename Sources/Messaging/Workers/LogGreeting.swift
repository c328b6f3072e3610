import Articles

/// What HELLO answers, as far as a worker needs it.
struct LogGreeting: Decodable {
    var stream: StreamID
    var epoch: UInt32
    var low: UInt64
    var head: UInt64
    /// Another one after each start of the server.
    var boot: String

    /// The json of HELLO.
    static var request: [UInt8] { Reply { $0.field("client", "dropwire/\(Version.text)") }.json }
    static let deadline = Duration.seconds(5)
    static let malformed = "the answer to HELLO is not what the specification says"

    /// How long a line whose stream another one reads waits until it asks again.
    static let standbyInterval = Duration.seconds(5)
    /// A server that was started again has another boot for a moment; so often in a row it is another server.
    static let copiesUntilTold = 3

    /// What is wrong where two servers say that they have the same stream.
    static func copied(_ stream: StreamID, at endpoint: String) -> String {
        "the server at '\(endpoint)' says that it has the stream \(stream), which another one has: is its state directory "
            + "a copy?"
    }
}
