/// What a server answered.
package struct ClientReply: Sendable {
    /// The status, for example 200.
    package let status: Int
    /// The value of `Content-Type`; empty where there is none.
    package let contentType: String
    /// How long the server asks to be left alone (`Retry-After`, seconds or a date), a day at most.
    package let retryAfter: Duration?
    /// The body, with any transfer encoding taken off.
    package let body: [UInt8]
}
