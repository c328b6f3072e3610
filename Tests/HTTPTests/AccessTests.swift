import Testing

@testable import HTTP

@Suite struct AccessTests {
    private func request(_ headers: (String, String)...) -> Request {
        Request(method: "POST", path: "/", headers: headers.map { .init(name: $0.0, value: $0.1) })
    }

    @Test(
        arguments: [
            ("Bearer abc", "abc"), ("bearer a.b-c_d~e+f/g==", "a.b-c_d~e+f/g=="), ("Bearer   abc", "abc"),
            ("Bearer", nil), ("Bearer ", nil), ("Basic abc", nil), ("Bearer a b", nil), ("Bearer \u{e4}", nil),
            ("abc", nil), ("", nil),
        ] as [(String, String?)])
    func `a bearer token is read`(header: String, token: String?) {
        #expect(request(("authorization", header)).bearerToken == token)
    }

    @Test(
        arguments: [
            ("Basic dTpwOnE=", "p:q"), ("basic Og==", ""), ("Basic dQ==", nil), ("Basic ???", nil), ("Basic", nil),
            ("Basic dTpw dTpw", nil), ("Bearer dTpw", nil), ("Basic /zr/", nil),
        ] as [(String, String?)])
    func `the password of programs that know nothing else is read`(header: String, password: String?) {
        #expect(request(("authorization", header)).basicPassword == password)
    }

    @Test func `two authorizations are none`() {
        #expect(request(("Authorization", "Bearer a"), ("Authorization", "Bearer b")).bearerToken == nil)
        #expect(request(("Authorization", "Basic dTpw"), ("Authorization", "Basic dTpw")).basicPassword == nil)
        #expect(request().bearerToken == nil)
    }

    @Test func `who is not authorized is told how`() {
        let first = Response.unauthorized(realm: "a \"b\"\r\nc")
        #expect(first.status == 401)
        #expect(first.headers.contains(.init(name: "WWW-Authenticate", value: "Bearer realm=\"a bc\"")))
        let second = Response.unauthorized(realm: "a", error: "invalid_token")
        #expect(
            second.headers.contains(
                .init(name: "WWW-Authenticate", value: "Bearer realm=\"a\", error=\"invalid_token\"")))
    }

    @Test func `a method that is not known is told with those that are`() {
        let allow = Request.Field(name: "Allow", value: "GET, HEAD")
        #expect(Response.methodNotAllowed(["GET", "HEAD"]).status == 405)
        #expect(Response.methodNotAllowed(["GET", "HEAD"]).headers.contains(allow))
        #expect(Response.options(["GET", "HEAD"]) == Response(status: 204, headers: [allow]))
    }

    @Test func `secrets are compared`() {
        #expect(ConstantTime.equal("secret", "secret") && ConstantTime.equal("", ""))
        for other in ["Secret", "secres", "secret1", "secre", ""] { #expect(!ConstantTime.equal("secret", other)) }
    }

    @Test func `a request says where it is from`() {
        for (value, origin) in [
            ("same-origin", RequestOrigin.same), ("none", .same), ("same-site", .cross), ("cross-site", .cross),
            ("other", .cross),
        ] {
            // It is believed before `Origin`, which says less.
            #expect(
                request(("Sec-Fetch-Site", value), ("Host", "a"), ("Origin", "http://b")).origin == origin, "\(value)")
        }
        for (host, stated, origin) in [
            ("a", "http://a", RequestOrigin.same), ("a:80", "http://a", .same), ("a", "http://a:80", .same),
            ("A", "https://a", .same), ("a:443", "https://a", .same), ("a:8080", "http://a:8080", .same),
            ("[::1]:8080", "http://[::1]:8080", .same), ("[::1]", "http://[::1]:80", .same),
            ("a", "http://b", .cross), ("a", "http://a:81", .cross), ("a", "http://a.b", .cross), ("a", "null", .cross),
            ("a", "", .cross), ("a", "ftp://a", .cross), ("", "http://", .cross), ("a", "http://a/", .cross),
        ] {
            #expect(request(("Host", host), ("Origin", stated)).origin == origin, "\(host) \(stated)")
        }
        #expect(request(("Origin", "http://a")).origin == .cross)
        #expect(request(("Host", "a"), ("Origin", "http://a"), ("Origin", "http://b")).origin == .cross)
        #expect(request(("Host", "a")).origin == .unstated)
    }

    @Test func `a form's token is good for its purpose and its time`() {
        let start = ContinuousClock.now
        let tokens = FormTokens(lifetime: .seconds(100), start: start)
        let token = tokens.token(for: "/retry", at: start + .seconds(50))
        #expect(tokens.isValid(token, for: "/retry", at: start + .seconds(150)))
        #expect(!tokens.isValid(token, for: "/retry", at: start + .seconds(152)))
        #expect(!tokens.isValid(token, for: "/discard", at: start + .seconds(50)))
        #expect(!FormTokens(start: start).isValid(token, for: "/retry", at: start + .seconds(50)))
        #expect(tokens.token(for: "/retry", at: start) != tokens.token(for: "/retry", at: start))
        for index in token.indices {
            var changed = token
            changed.replaceSubrange(index...index, with: token[index] == "0" ? "1" : "0")
            #expect(!tokens.isValid(changed, for: "/retry", at: start + .seconds(50)))
        }
        for other in ["", "0", "zz", String(token.dropLast(2)), token + "00", token.uppercased() + " "] {
            #expect(!tokens.isValid(other, for: "/retry", at: start + .seconds(50)))
        }
    }

    @Test func `a cookie goes to no script and to no other site`() {
        let plain = Cookie(name: "a", value: "b.c", lifetime: .seconds(60), isSecure: false)
        #expect(plain.header == "a=b.c; Path=/; Max-Age=60; HttpOnly; SameSite=Strict")
        let secure = Cookie(name: "__Host-a", value: "b", lifetime: .zero, isSecure: true)
        #expect(secure.header == "__Host-a=b; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure")
    }

    @Test func `all cookies of a name are read`() {
        let sent = request(("Cookie", "a=1; b=2;a=3=4"), ("cookie", "c; a=5; A=6; =7"))
        #expect(sent.cookies("a") == ["1", "3=4", "5"])
        #expect(sent.cookies("b") == ["2"] && sent.cookies("c").isEmpty && sent.cookies("").isEmpty)
        #expect(request().cookies("a").isEmpty)
    }
}
