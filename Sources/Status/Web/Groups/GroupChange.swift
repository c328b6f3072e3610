import Articles
import FoundationEssentials
import HTTP
import Messaging

/// What a POST wants done to a group: a form of the page, or a JSON object.
struct GroupChange: Sendable {
    var action: String
    /// Which dead letters are meant; nil for all.
    var seqs: [UInt64]?
    /// The stream's name, or its log's.
    var stream: String
    /// It came from a form, so that a page is to be shown afterwards.
    var isForm: Bool

    private struct Body: Decodable {
        var action: String
        var seqs: [UInt64]?
        var stream: String?
    }

    /// The most letters that are named in one request.
    private static let limit = 1000

    init(_ request: HTTP.Request) throws(Problem) {
        switch try ActionBody(request) {
        case .form(let fields):
            isForm = true
            func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }
            action = value("action") ?? ""
            stream = value("stream") ?? request.query("stream") ?? "articles"
            let texts = fields.filter { $0.name == "seq" }.map(\.value)
            let numbers = texts.compactMap { UInt64($0) }
            guard numbers.count == texts.count else { throw .badRequest("'seq' is a sequence number.") }
            seqs = numbers.isEmpty ? nil : numbers
        case .json(let data):
            isForm = false
            guard let body = try? JSONDecoder().decode(Body.self, from: data) else {
                throw .badRequest(
                    "The body is an object with 'action', and with 'seqs' and 'stream' where they are meant.")
            }
            action = body.action
            seqs = body.seqs
            stream = body.stream ?? request.query("stream") ?? "articles"
        }
        guard GroupDesk.actions.contains(action) else {
            throw .badRequest("'action' is \(GroupDesk.actions.joined(separator: ", ")).")
        }
        guard (seqs?.count ?? 0) <= GroupChange.limit else {
            throw .badRequest("'seqs' has at most \(GroupChange.limit) numbers.")
        }
    }
}
