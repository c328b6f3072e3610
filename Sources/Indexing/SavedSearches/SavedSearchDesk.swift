import Articles
import Linux
import Messaging

/// Answers `SAVED`: `{"action":"add","name","q"}`, `{"action":"remove","name"}` and `{"action":"list","after"}`.
struct SavedSearchDesk {
    /// How many searches one answer lists.
    private static let page = 500

    private let store: SavedSearchStore

    init(_ store: SavedSearchStore) { self.store = store }

    private struct Body: Decodable {
        var action: String
        var name: String?
        var q: String?
        var after: String?
    }

    /// Throws ``SearchSyntaxError`` for what is no query.
    func answer(_ request: Request) throws -> Reply {
        let body = try request.decode(Body.self)
        switch body.action {
        case "add": return try add(name(body), body.q ?? "")
        case "remove":
            let name = try name(body)
            guard try store.remove(name) else {
                throw WireError(.notFound, "NOT_FOUND", "there is no saved search '\(name)'")
            }
            return Reply { $0.field("removed", name) }
        case "list": return try list(behind: body.after ?? "")
        default: throw WireError.badRequest("SAVED: 'action' is add, remove or list")
        }
    }

    private func name(_ body: Body) throws -> String {
        guard let name = body.name, Topic.isPart(name) else {
            throw WireError.badRequest("SAVED: 'name' is 1 to 40 of a-z, 0-9, '.', '_' and '-': it stands in the topic")
        }
        return name
    }

    private func add(_ name: String, _ text: String) throws -> Reply {
        try Percolator.check(text)
        let search = SavedSearch(name: name, query: text, created: Timestamp(milliseconds: Clocks.wallMilliseconds()))
        let isReplaced: Bool
        do { isReplaced = try store.save(search) } catch let error as SavedSearchStore.TooMany {
            throw WireError(.tooLarge, "TOO_MANY", "\(error): remove one")
        }
        return Reply { writer in
            writer.field("saved", name)
            writer.field("replaced", isReplaced)
            writer.field("topic", Topic.match(name: name).description)
        }
    }

    private func list(behind name: String) throws -> Reply {
        let searches = try store.searches(behind: name, limit: SavedSearchDesk.page)
        return Reply { writer in
            writer.key("searches")
            writer.beginArray()
            for search in searches {
                writer.beginObject()
                writer.field("name", search.name)
                writer.field("q", search.query)
                writer.field("created", search.created.description)
                writer.endObject()
            }
            writer.endArray()
            if searches.count == SavedSearchDesk.page { writer.field("next", searches.last?.name) }
        }
    }
}
