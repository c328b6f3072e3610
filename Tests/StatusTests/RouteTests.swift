import HTTP
import Testing

@testable import Status

@Suite struct RouteTests {
    private let table = RouteTable([
        .get("/", RouteTests.answer("root")), .get("/things", RouteTests.answer("list")),
        .get("/things/{id}", RouteTests.answer("one")).adding("POST", RouteTests.answer("change")),
        .get("/things/{id}/parts", RouteTests.answer("parts")), .post("/done", RouteTests.answer("done")),
    ])

    private static func answer(_ text: String) -> Route.Handler { { _ in { _, _ in .text(text) } } }

    @Test(arguments: [
        ("/", "/", ""), ("/things", "/things", ""), ("/things/7", "/things/{id}", "7"),
        ("/things/a%20b", "/things/{id}", "a b"), ("/things/a%2fb", "/things/{id}", "a/b"),
        ("/things/a%2Fparts", "/things/{id}", "a/parts"), ("/things/%C3%A9/parts", "/things/{id}/parts", "é"),
        ("/%74hings", "/things", ""), ("/th%69ngs/7", "/things/{id}", "7"), ("/things/..", "/things/{id}", ".."),
    ])
    func `a path has its route, with the variable decoded`(path: String, pattern: String, variable: String) throws {
        let match = try #require(table.match(path))
        #expect(match.route.pattern == pattern)
        #expect(match.variable == variable)
    }

    @Test(arguments: [
        "", "/thing", "/things/", "//things", "/things//parts", "/things/7/", "/things/7/parts/", "/things%2F7",
        "/things/%", "/things/%0", "/things/%00", "/things/%ff", "/things/7%2Fparts/x", "*",
        String(repeating: "/", count: 200), "/things/{id}/other",
    ])
    func `any other path has none`(path: String) {
        #expect(table.match(path) == nil)
    }

    @Test func `what may be asked for stands in Allow`() throws {
        #expect(table.match("/things")?.route.allow == "GET, HEAD, OPTIONS")
        #expect(table.match("/things/1")?.route.allow == "GET, HEAD, POST, OPTIONS")
        let done = try #require(table.match("/done")).route
        #expect(done.allow == "POST, OPTIONS")
        #expect(done.action(for: "HEAD") == nil)
        #expect(done.action(for: "POST")?.role == .operate)
        #expect(table.match("/")?.route.action(for: "HEAD")?.role == .read)
    }

    @Test func `whatever changes something needs the right to operate, and all that is seen the right to read`() {
        for route in Site.routes {
            for (method, action) in route.actions {
                let isOpen =
                    ["/healthz", "/readyz", "/api/v1/openapi.json", "/signin", "/signout"].contains(route.pattern)
                    || Asset.all[route.pattern] != nil
                // A file as it was dropped may have what was withdrawn since.
                let isGuarded = route.pattern.hasSuffix("/files/{id}/original")
                let expected: AccessRole = isOpen ? .open : method != "GET" || isGuarded ? .operate : .read
                #expect(action.role == expected, "\(route.pattern)")
            }
        }
        #expect(Site.routes.count > 10)
    }
}
