import Articles
import HTTP
import Messaging

/// A page of a list, with the ways to the pages beside it: as members, and as `Link` (RFC 8288).
struct ListReply {
    /// The `cursor` of the page behind; nil where this is the last one.
    var next: String?
    /// The `cursor` of the page before; nil where there is none, or it is not known.
    var previous: String?

    /// Answers with an object that has what `body` writes, `next` and `prev`.
    func response(to request: HTTP.Request, _ body: (inout JSONWriter) -> Void) -> Response {
        var response = Response.json(
            Reply { writer in
                body(&writer)
                writer.field("next", next)
                writer.field("prev", previous)
            }.json)
        let links = [("next", next), ("prev", previous)].compactMap { relation, cursor in
            cursor.map { "<\(ListReply.address(of: request, cursor: $0))>; rel=\"\(relation)\"" }
        }
        if !links.isEmpty { response.addHeader("Link", links.joined(separator: ", ")) }
        return response
    }

    /// The same path with the same query, at another place.
    private static func address(of request: HTTP.Request, cursor: String) -> String {
        let items = request.query.filter { $0.name != "cursor" } + [.init(name: "cursor", value: cursor)]
        return request.rawPath + "?"
            + items.map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }.joined(separator: "&")
    }
}
