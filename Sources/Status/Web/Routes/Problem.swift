import Articles
import HTTP
import Messaging

/// An error of the API, as RFC 9457 has it.
struct Problem: Error {
    var status: Int
    /// A sentence about this occurrence.
    var detail: String
    /// More members.
    var fields: [String: JSONValue] = [:]
    /// More headers.
    var headers: [(name: String, value: String)] = []

    /// Makes 400.
    ///
    /// - Parameter parameter: the name of the parameter that is wrong, where it is one; it stands in the problem, too.
    static func badRequest(_ detail: String, parameter: String? = nil) -> Problem {
        Problem(status: 400, detail: detail, fields: parameter.map { ["parameter": .string($0)] } ?? [:])
    }

    /// Makes 404.
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
        case 303: "See Other"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 409: "Conflict"
        case 410: "Gone"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 421: "Misdirected Request"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: "Internal Server Error"
        }
    }
}

extension Problem {
    /// Makes of what another process refuses a problem of whoever asked for it through this one.
    init(refusal error: WireError) {
        self.init(status: [400, 403, 404, 503].contains(error.code) ? error.code : 502, detail: error.message)
    }
}
