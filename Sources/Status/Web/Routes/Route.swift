import HTTP

/// A path, and what is done there by each method.
struct Route: Sendable {
    /// Answers a request.
    ///
    /// The text is the path's variable component, decoded; empty where the path has none.
    typealias Handler = @Sendable (Site) -> @Sendable (HTTP.Request, String) throws -> Response

    /// What one method does.
    struct Action: Sendable {
        var role: AccessRole
        var handler: Handler
    }

    /// The path as an OpenAPI document writes it, with at most one variable component: `/api/v1/articles/{id}`.
    let pattern: String
    /// By method. Whatever has GET answers HEAD, too; OPTIONS every path does.
    let actions: [String: Action]

    private init(_ pattern: String, _ actions: [String: Action]) {
        self.pattern = pattern
        self.actions = actions
    }

    /// Makes a route that is read.
    static func get(_ pattern: String, for role: AccessRole = .read, _ handler: @escaping Handler) -> Route {
        Route(pattern, ["GET": Action(role: role, handler: handler)])
    }

    /// Makes a route that is posted to.
    static func post(_ pattern: String, for role: AccessRole = .operate, _ handler: @escaping Handler) -> Route {
        Route(pattern, ["POST": Action(role: role, handler: handler)])
    }

    /// Returns the same with one more method.
    func adding(_ method: String, for role: AccessRole = .operate, _ handler: @escaping Handler) -> Route {
        precondition(actions[method] == nil, "\(pattern) has two actions for \(method)")
        return Route(pattern, actions.merging([method: Action(role: role, handler: handler)]) { first, _ in first })
    }

    /// What a method does; nil where the route does not have it.
    func action(for method: String) -> Action? { actions[method == "HEAD" ? "GET" : method] }

    /// The value of `Allow`.
    var allow: String {
        let stated = actions.keys.sorted().flatMap { $0 == "GET" ? ["GET", "HEAD"] : [$0] }
        return (stated + ["OPTIONS"]).joined(separator: ", ")
    }
}
