import HTTP

extension Site {
    /// Everything that is served, by path. Each area has its list beside its handlers.
    static let routes: [Route] =
        apiRoutes + articleRoutes + fileRoutesOfAPI + failureRoutes + quarantineRoutes + searchRoutes + groupRoutes
        + feedRoutes + pageRoutes + healthRoutes + accessRoutes + assetRoutes

    /// The same, to be looked up.
    static let table = RouteTable(routes)

    /// Answers a request: what all routes have in common, then its route.
    ///
    /// - Parameter match: what the table has for its path.
    func route(_ request: HTTP.Request, _ match: RouteTable.Match?) throws -> Response {
        guard hosts.allows(request) else {
            throw Problem(status: 421, detail: "This service is not called by that name.")
        }
        // `OPTIONS *` asks for what the service can do at all.
        guard request.method != "OPTIONS" || request.rawPath != "*" else { return Site.options("GET, HEAD, OPTIONS") }
        guard let match else {
            throw Problem.notFound("There is nothing at this path.")
        }
        // To pages of others nothing is allowed by it: it has no header of CORS.
        guard request.method != "OPTIONS" else { return Site.options(match.route.allow) }
        guard let action = match.route.action(for: request.method) else {
            throw Problem(
                status: 405, detail: "This path does not take \(request.method.prefix(20)).",
                headers: [("Allow", match.route.allow)])
        }
        if request.method != "GET", request.method != "HEAD", !hosts.allowsChange(request) {
            throw Problem(status: 403, detail: "A page of another site asks for this; it is not done.")
        }
        try authorize(request, for: action.role)
        return try action.handler(self)(request, match.variable)
    }

    private static func options(_ allow: String) -> Response {
        Response(status: 204, headers: [.init(name: "Allow", value: allow)])
    }
}
