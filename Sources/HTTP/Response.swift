/// One HTTP response with its whole body. Content-Length, Date and Connection are the server's.
package struct Response: Sendable, Equatable {
    /// The status code.
    package var status: Int
    /// The headers, each as it is sent.
    package var headers: [Request.Field]
    /// The body; for a HEAD request its length is told and the bytes are not sent.
    package var body: [UInt8]

    package init(status: Int = 200, headers: [Request.Field] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Makes a response of the given content type.
    package init(status: Int = 200, contentType: String, body: [UInt8]) {
        self.init(status: status, headers: [.init(name: "Content-Type", value: contentType)], body: body)
    }

    /// Makes a response of plain text.
    package static func text(_ text: String, status: Int = 200) -> Response {
        Response(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
    }

    /// Makes a response of JSON that is already encoded.
    package static func json(_ bytes: [UInt8], status: Int = 200) -> Response {
        Response(status: status, contentType: "application/json", body: bytes)
    }

    /// Adds a header.
    package mutating func addHeader(_ name: String, _ value: String) {
        headers.append(.init(name: name, value: value))
    }
}
