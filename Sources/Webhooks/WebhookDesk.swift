import Articles
import Linux
package import Messaging

/// Answers `WEBHOOK`: `{"action":"list"}`, `{"action":"retry","name"}` and `{"action":"discard","name"}`.
package struct WebhookDesk {
    private let webhooks: [WebhookConfiguration]
    private let store: DeliveryStore
    private let onRetry: (String) -> Void

    /// Makes a desk.
    ///
    /// - Parameters:
    ///   - path: the outbox.
    ///   - onRetry: called with the name of a webhook whose deliveries are due again.
    package init(_ webhooks: [WebhookConfiguration], path: String, onRetry: @escaping (String) -> Void) throws {
        self.webhooks = webhooks
        store = try DeliveryStore(path: path)
        self.onRetry = onRetry
    }

    /// The handlers of its server.
    package var handlers: [String: CommandServer.Handler] { ["WEBHOOK": answer] }

    private struct Body: Decodable {
        var action: String
        var name: String?
    }

    private func answer(_ request: Request) throws -> Reply {
        let body = try request.decode(Body.self)
        switch body.action {
        case "list": return try list()
        case "retry":
            let name = try name(body)
            let count = try store.retry(name, now: Clocks.wallMilliseconds())
            onRetry(name)
            return Reply { $0.field("retried", count) }
        case "discard":
            let count = try store.discard(name(body))
            return Reply { $0.field("discarded", count) }
        default: throw WireError.badRequest("WEBHOOK: 'action' is list, retry or discard")
        }
    }

    private func name(_ body: Body) throws -> String {
        guard let name = body.name, webhooks.contains(where: { $0.name == name }) else {
            throw WireError(.notFound, "NOT_FOUND", "there is no webhook '\(body.name ?? "")' in the configuration")
        }
        return name
    }

    private func list() throws -> Reply {
        let states = try webhooks.map { ($0, try store.state(of: $0.name)) }
        return Reply { writer in
            writer.key("webhooks")
            writer.beginArray()
            for (webhook, state) in states {
                writer.beginObject()
                writer.field("name", webhook.name)
                writer.field("url", webhook.url)
                if !webhook.searches.isEmpty { writer.array("searches", webhook.searches) }
                writer.field("waiting", state.waiting)
                writer.field("dead", state.dead)
                writer.field("delivered", state.delivered)
                writer.field("withdrawn", state.withdrawn)
                writer.field("lost", state.lost)
                writer.field("due", state.due.map { Timestamp(milliseconds: $0).description })
                writer.field("trouble", state.trouble)
                writer.endObject()
            }
            writer.endArray()
        }
    }
}
