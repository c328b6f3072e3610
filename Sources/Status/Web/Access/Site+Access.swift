import HTTP

extension Site {
    /// How browsers sign in and out.
    static let accessRoutes: [Route] = [
        Route.get("/signin", for: .open, Site.signInPage).adding("POST", for: .open, Site.signIn),
        .post("/signout", for: .open, Site.signOut),
    ]

    /// The name of a form's hidden field that says that the form was ours.
    static let formTokenField = "form_token"

    /// Throws where whoever sends a request may not do what it asks for.
    func authorize(_ request: HTTP.Request, for role: AccessRole) throws(Problem) {
        try doorkeeper.admit(request, for: role)
        // A form is sent by a browser, whoever has made it: a program shows a token, or sends JSON.
        guard role > .open, request.method == "POST", request.mediaType == HTTP.Request.formType,
            request.bearerToken == nil
        else { return }
        try checkForm(formFields(request), request)
    }

    /// Makes the value of the hidden field ``formTokenField`` for a form on the page that `request` asks for.
    ///
    /// - Parameter path: what the form is sent to.
    func formToken(for path: String, _ request: HTTP.Request) -> String { doorkeeper.formToken(for: path, request) }

    /// Throws where a form that has come in has no hidden field of ours for its path.
    func checkForm(_ fields: [HTTP.Request.Field], _ request: HTTP.Request) throws(Problem) {
        let token = fields.value(Site.formTokenField) ?? ""
        guard doorkeeper.isFormToken(token, for: request.path, request) else {
            throw Problem(
                status: 403,
                detail: "The form is none of ours, or too old: load its page again, and send it from there.")
        }
    }

    /// `/signin`: the form.
    func signInPage(_ request: HTTP.Request, _: String) throws -> Response {
        let next = SignInPage.next(request.query("next"))
        guard doorkeeper.takesTokens else {
            throw Problem(
                status: 404, detail: "There are no tokens to sign in with: see `dropwire token` and [status] tokens.")
        }
        let caller = try doorkeeper.caller(of: request)
        guard caller.evidence == .session, let name = caller.name else {
            return html(SignInPage.render(problem: nil, next: next, formToken: formToken(for: "/signin", request)))
        }
        return html(SignInPage.render(name: name, formToken: formToken(for: "/signout", request)))
    }

    /// POST to `/signin`: takes the token, and goes on to where the browser wanted to.
    func signIn(_ request: HTTP.Request, _: String) throws -> Response {
        let fields = try formFields(request)
        let next = SignInPage.next(fields.first { $0.name == "next" }?.value)
        do throws(Problem) {
            try checkForm(fields, request)
            let token = fields.value("token") ?? ""
            return redirect(to: next, try doorkeeper.signIn(request, token: token.filter { !$0.isWhitespace }))
        } catch {
            var response = html(
                SignInPage.render(
                    problem: error.detail, next: next, formToken: formToken(for: "/signin", request)),
                status: error.status)
            for header in error.headers { response.addHeader(header.name, header.value) }
            return response
        }
    }

    /// POST to `/signout`.
    func signOut(_ request: HTTP.Request, _: String) throws -> Response {
        try checkForm(try formFields(request), request)
        return redirect(to: "/signin", doorkeeper.signOut(request))
    }

    private func formFields(_ request: HTTP.Request) throws(Problem) -> [HTTP.Request.Field] {
        guard request.mediaType == HTTP.Request.formType else {
            throw Problem(status: 415, detail: "This takes a form (application/x-www-form-urlencoded).")
        }
        guard let fields = request.formFields(), fields.count <= 100 else {
            throw .badRequest("The form has an escape that is not one, or too many fields.")
        }
        return fields
    }

    private func redirect(to path: String, _ cookie: Cookie) -> Response {
        var response = Site.redirect(to: path)
        response.addHeader("Set-Cookie", cookie.header)
        return response
    }
}
