import Articles
import HTTP

/// An error of the API, as RFC 9457 has it.
struct Problem: Error {
    var status: Int
    /// A sentence about this occurrence.
    var detail: String
    /// More members.
    var fields: [String: JSONValue] = [:]
    /// More headers.
    var headers: [(name: String, value: String)] = []

    static func badRequest(_ detail: String) -> Problem { Problem(status: 400, detail: detail) }
    static func notFound(_ detail: String) -> Problem { Problem(status: 404, detail: detail) }

    /// The `application/problem+json` response.
    var response: Response {
        var writer = JSONWriter(capacity: 200)
        writer.beginObject()
        writer.field("type", "about:blank")
        writer.field("title", title)
        writer.field("status", status)
        writer.field("detail", detail)
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            writer.key(text: name)
            value.write(to: &writer)
        }
        writer.endObject()
        var response = Response(status: status, contentType: "application/problem+json", body: writer.bytes)
        for header in headers { response.addHeader(header.name, header.value) }
        return response
    }

    var title: String {
        switch status {
        case 400: "Bad Request"
        case 404: "Not Found"
        case 410: "Gone"
        case 405: "Method Not Allowed"
        case 421: "Misdirected Request"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        default: "Internal Server Error"
        }
    }
}
