/// One HTTP response with its whole body. Content-Length, Date and Connection are the server's.
package struct Response: Sendable, Equatable {
    /// The status code.
    package var status: Int
    /// The headers, each as it is sent.
    package var headers: [Request.Field]
    /// The body; for a HEAD request its length is told and the bytes are not sent.
    package var body: [UInt8]
    /// What stands in place of a body where the response stays open.
    package internal(set) var eventStream: EventStream?

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

    /// Makes a response that stays open: what is sent to `stream` goes to the client.
    ///
    /// A stream serves one response; another one with the same stream is answered with 500.
    package static func events(_ stream: EventStream) -> Response {
        var response = Response(contentType: "text/event-stream", body: [])
        // Proxies that would rather collect a whole reply are told not to; the second is nginx's word for it.
        response.addHeader("Cache-Control", "no-cache")
        response.addHeader("X-Accel-Buffering", "no")
        response.eventStream = stream
        return response
    }

    /// Returns the value of the first header called `name`, whatever its case.
    package func header(_ name: String) -> String? { headers.first { equalIgnoringCase($0.name, name) }?.value }

    /// Adds a header.
    package mutating func addHeader(_ name: String, _ value: String) {
        headers.append(.init(name: name, value: value))
    }
}
