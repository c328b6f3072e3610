import Articles
import HTTP
import Messaging

extension Site {
    /// Results whose last attempt failed.
    static let failureRoutes: [Route] = [
        .get("/api/v1/failures", Site.failures).adding("POST", Site.changeFailures)
    ]

    /// `/api/v1/failures`: the last first.
    func failures(_ request: HTTP.Request, _: String) throws -> Response {
        let limit = try request.number("limit", in: 1...200) ?? 50
        let place = try request.cursor { FailurePlace($0) }
        let filter = FailureFilter(
            kind: try request.text("kind", atMost: 40), source: try request.text("source"),
            isDead: try request.flag("dead"))
        let (counts, page) = try store.read { reader in
            (try reader.failureCounts(), try reader.failures(filter, after: place, limit: limit))
        }
        return ListReply(next: page.next?.text).response(to: request) { writer in
            writer.field("count", counts.all)
            writer.field("dead", counts.dead)
            writer.array("failures", page.failures) { $1.write(to: &$0) }
        }
    }

    /// POST to `/api/v1/failures`: has failures tried again, or discards them.
    func changeFailures(_ request: HTTP.Request, _: String) throws -> Response {
        let change: FailureChange
        var isForm = false
        switch try ActionBody(request) {
        case .form(let fields):
            change = try FailureChange(fields)
            isForm = true
        case .json(let data): change = try ActionBody.decode(FailureChange.self, data)
        }
        let outcome = try failureDesk.change(change)
        return isForm ? Site.redirect(to: "/failures") : .json(outcome.json)
    }
}

extension FailureChange {
    /// Reads the fields of a form: `action`, and what is meant: `result` for each, or `kind`, `stream`, `epoch` and `seq` of
    /// one, or `all` with `kind` where one kind is meant.
    fileprivate init(_ fields: [HTTP.Request.Field]) throws(Problem) {
        guard let action = fields.value("action").flatMap({ Wish.Action(rawValue: $0) }) else {
            throw .badRequest("'action' is retry or discard.", parameter: "action")
        }
        guard fields.value("all") != "true" else {
            self.init(action, .all(kind: fields.value("kind")))
            return
        }
        var texts = fields.filter { $0.name == "result" }.map(\.value)
        if let kind = fields.value("kind"), let stream = fields.value("stream"), let epoch = fields.value("epoch"),
            let seq = fields.value("seq")
        {
            texts.append("\(kind)/\(stream)/\(epoch)/\(seq)")
        }
        let keys = texts.compactMap { FailureKey($0) }
        guard (1...FailureChange.limit).contains(texts.count), keys.count == texts.count else {
            throw .badRequest(
                "'result' is KIND/STREAM/EPOCH/SEQ, 1 to \(FailureChange.limit) times.", parameter: "result")
        }
        self.init(action, .these(keys))
    }
}
