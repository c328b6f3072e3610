import HTTP

/// Finds the route of a path. Pure.
struct RouteTable: Sendable {
    /// A path with a variable component.
    private struct Pattern: Sendable {
        var components: [String]
        var variable: Int
        var route: Route
    }

    /// A route with what stands in the place of its variable.
    struct Match: Sendable {
        var route: Route
        var variable: String
    }

    private var fixed: [String: Route] = [:]
    /// By the number of components.
    private var patterns: [Int: [Pattern]] = [:]

    /// Makes a table; two routes of one pattern are a programmer's error.
    init(_ routes: [Route]) {
        for route in routes {
            let components = RouteTable.components(of: route.pattern)
            let variables = components.indices.filter { components[$0].hasPrefix("{") }
            guard let variable = variables.first else {
                precondition(fixed.updateValue(route, forKey: route.pattern) == nil, "\(route.pattern) stands twice")
                continue
            }
            precondition(variables.count == 1, "\(route.pattern) has more than one variable")
            patterns[components.count, default: []].append(
                Pattern(components: components.map(String.init), variable: variable, route: route))
        }
    }

    /// Returns the route of a path.
    ///
    /// - Parameter path: as it was sent, with its escapes: a slash that is escaped belongs to its component.
    func match(_ path: String) -> Match? {
        if let route = fixed[path] { return Match(route: route, variable: "") }
        let parts = RouteTable.components(of: path)
        // Nothing that is served is deep, and a path may have thousands.
        guard parts.count <= 12 else { return nil }
        let components = parts.compactMap { $0.contains("%") ? percentDecoded($0.utf8) : String($0) }
        guard components.count == parts.count else { return nil }
        if path.contains("%"), !components.contains(where: { $0.contains("/") }) {
            if let route = fixed[components.joined(separator: "/")] { return Match(route: route, variable: "") }
        }
        for pattern in patterns[components.count] ?? [] {
            let isSame = components.indices.allSatisfy { index in
                index == pattern.variable ? !components[index].isEmpty : components[index] == pattern.components[index]
            }
            if isSame { return Match(route: pattern.route, variable: components[pattern.variable]) }
        }
        return nil
    }

    private static func components(of path: String) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: false)
    }
}
