import HTTP
import TestSupport
import Testing

@testable import Status

/// How a browser elsewhere signs in, acts and signs out.
@Suite(.timeLimit(.minutes(10))) struct BrowserTests {
    private let service: GuardedStatus
    private static let html = GuardedStatus.elsewhere + "Accept: text/html,*/*;q=0.8\r\n"
    private static let form = "Content-Type: application/x-www-form-urlencoded\r\n"
    private static let ours = html + form + "Sec-Fetch-Site: same-origin\r\n"

    init() throws { service = try GuardedStatus { $0.configuration.proxies = [.socket] } }

    private func signIn(_ token: String, next: String = "/", _ headers: String = ours) throws -> WebReply {
        let page = try service.get("/signin", BrowserTests.html)
        let field = try #require(page.formToken(of: "/signin"))
        return try service.ask(
            "POST", "/signin", headers,
            body: "token=\(token)&next=\(SignInPage.escaped(next))&\(Site.formTokenField)=\(field)")
    }

    private func cookie(_ reply: WebReply) throws -> String {
        let header = try #require(reply.headers["set-cookie"])
        return "Cookie: " + header.prefix { $0 != ";" } + "\r\n"
    }

    @Test func `a page leads to the form, the form to the page, and the cookie opens it`() throws {
        let away = try service.get("/search?q=a%20b&sort=date", BrowserTests.html)
        #expect(away.status == 303)
        #expect(away.headers["location"] == "/signin?next=%2Fsearch%3Fq%3Da%2520b%26sort%3Ddate")
        let page = try service.get(try #require(away.headers["location"]), BrowserTests.html)
        #expect(page.status == 200 && page.text.contains("name=\"next\" value=\"/search?q=a%20b&amp;sort=date\""))
        #expect(page.headers["content-security-policy"]?.contains("default-src 'none'") == true)
        #expect(!page.text.contains("<script"))
        let signed = try signIn(service.reader, next: "/search?q=a%20b&sort=date")
        #expect(signed.status == 303 && signed.headers["location"] == "/search?q=a%20b&sort=date")
        #expect(signed.headers["set-cookie"]?.hasSuffix("; HttpOnly; SameSite=Strict") == true)
        let cookie = try cookie(signed)
        #expect(!cookie.contains(service.reader))
        #expect(try service.get("/", BrowserTests.html + cookie).status == 200)
        #expect(try service.get("/api/v1/status", GuardedStatus.elsewhere + cookie).status == 200)
        #expect(try service.get("/", BrowserTests.html + "Cookie: dropwire=1.boss.00\r\n").status == 303)
    }

    @Test func `a browser acts within its token's role, from our pages only`() throws {
        let reader = try cookie(signIn(service.reader))
        let boss = try cookie(signIn(service.operatorToken))
        func post(_ headers: String) throws -> WebReply {
            try service.ask("POST", "/api/v1/groups/x", GuardedStatus.elsewhere + headers, body: "{}")
        }
        #expect(try post("Sec-Fetch-Site: same-origin\r\n" + reader).status == 403)
        // 415: it was let pass, and has no content type.
        #expect(try post("Sec-Fetch-Site: same-origin\r\n" + boss).status == 415)
        for headers in [
            "", "Sec-Fetch-Site: cross-site\r\n", "Sec-Fetch-Site: same-site\r\n", "Origin: http://evil.example\r\n",
            "Origin: null\r\n",
        ] { #expect(try post(headers + boss).status == 403, "\(headers)") }
        #expect(try post("Origin: http://localhost\r\n" + boss).status == 415)
    }

    @Test func `a wrong token is said on the page, and the form must be ours`() throws {
        let wrong = try signIn("dropwire_x")
        #expect(wrong.status == 401 && wrong.text.contains("role=\"alert\"") && wrong.headers["set-cookie"] == nil)
        let body = "token=\(service.reader)"
        let forged = try service.ask("POST", "/signin", BrowserTests.ours, body: body)
        #expect(forged.status == 403 && forged.headers["set-cookie"] == nil)
        // The field of another form.
        let page = try service.get("/signin", BrowserTests.html)
        let field = try #require(page.formToken(of: "/signin"))
        #expect(
            try service.ask("POST", "/signout", BrowserTests.ours, body: "\(Site.formTokenField)=\(field)").status
                == 403)
        #expect(try signIn(service.reader, BrowserTests.html + BrowserTests.form + "Origin: null\r\n").status == 403)
        #expect(try service.ask("POST", "/signin", BrowserTests.html, body: "{}").status == 415)
    }

    @Test(arguments: ["//evil.example/", "/\\evil.example", "https://evil.example/", "evil", "", "/a\r\nX: y", "/é"])
    func `nobody is led away by signing in`(next: String) throws {
        let signed = try signIn(service.reader, next: next)
        #expect(signed.status == 303 && signed.headers["location"] == "/" && signed.headers["x"] == nil)
    }

    @Test func `a session ends by signing out, and with its token`() throws {
        let cookie = try cookie(signIn(service.reader))
        let page = try service.get("/signin", BrowserTests.html + cookie)
        #expect(page.text.contains("<bdi>reader</bdi>"))
        let own = try #require(page.formToken(of: "/signout"))
        // The hidden field is the person's own: nobody uses one of another.
        let boss = try self.cookie(signIn(service.operatorToken))
        let foreign = try #require(service.get("/signin", BrowserTests.html + boss).formToken(of: "/signout"))
        func out(_ field: String) throws -> WebReply {
            try service.ask("POST", "/signout", BrowserTests.ours + cookie, body: "\(Site.formTokenField)=\(field)")
        }
        #expect(try out(foreign).status == 403)
        let gone = try out(own)
        #expect(gone.status == 303 && gone.headers["set-cookie"]?.contains("Max-Age=0;") == true)
        try service.tokens.remove("reader")
        try waitUntil("the session is over") {
            try service.get("/api/v1/articles", GuardedStatus.elsewhere + cookie).status == 401
        }
    }

    @Test func `behind a proxy with TLS the cookie is for TLS and this host alone`() throws {
        let proxied = try GuardedStatus { $0.configuration.proxies = [.addresses(.loopback[0])] }
        let secure = BrowserTests.html + "X-Forwarded-Proto: https\r\n"
        let page = try proxied.get("/signin", secure, host: "news.example")
        let body =
            "token=\(proxied.reader)&\(Site.formTokenField)=\(try #require(page.formToken(of: "/signin")))"
        let signed = try proxied.ask(
            "POST", "/signin", secure + BrowserTests.form + "Origin: https://news.example\r\n", host: "news.example",
            body: body)
        let header = try #require(signed.headers["set-cookie"])
        #expect(header.hasPrefix("__Host-dropwire=") && header.hasSuffix("; Secure"))
        let cookie = try cookie(signed)
        #expect(try proxied.get("/api/v1/articles", secure + cookie, host: "news.example").status == 200)
        // One without the prefix may have been set by a neighbour without TLS.
        let weak = cookie.replacing("__Host-", with: "")
        #expect(try proxied.get("/api/v1/articles", secure + weak, host: "news.example").status == 401)
    }
}
