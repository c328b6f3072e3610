/// The page that takes a token. It needs no script.
enum SignInPage {
    /// The form for somebody who has not signed in.
    ///
    /// - Parameter problem: what to say above the form; nil says nothing.
    static func render(problem: String?, next: String, formToken: String) -> [UInt8] {
        PageFrame(title: "Sign in", isReading: true).render { html, _ in
            html.markup("<h1>Sign in</h1>")
            if let problem {
                html.markup("<p class=\"bad\" role=\"alert\">")
                html.text(problem)
                html.markup("</p>")
            }
            html.markup("<form method=\"post\" action=\"/signin\" class=\"signin\">")
            // Managers of passwords file a token under a name.
            html.markup("<input type=\"hidden\" name=\"username\" autocomplete=\"username\" value=\"dropwire\">")
            hidden("next", next, &html)
            hidden(Site.formTokenField, formToken, &html)
            html.markup("<p><label for=\"token\">Token</label> <input id=\"token\" name=\"token\" type=\"password\" ")
            html.markup("autocomplete=\"current-password\" required> <button>Sign in</button></p></form>")
            html.markup("<p class=\"about\">Who runs this service gives you one, by the command ")
            html.markup("<code>dropwire token add NAME</code>.</p>")
        }
    }

    /// The page for somebody who has.
    static func render(name: String, formToken: String) -> [UInt8] {
        PageFrame(title: "Sign out", isReading: true).render { html, _ in
            html.markup("<h1>Sign out</h1><p>This browser has signed in by the token of ")
            html.foreign(name)
            html.markup(".</p><form method=\"post\" action=\"/signout\" class=\"signin\">")
            hidden(Site.formTokenField, formToken, &html)
            html.markup("<p><button>Sign out</button></p></form>")
        }
    }

    private static func hidden(_ name: String, _ value: String, _ html: inout HTMLWriter) {
        html.markup("<input type=\"hidden\" name=\"")
        html.text(name)
        html.markup("\" value=\"")
        html.text(value)
        html.markup("\">")
    }

    /// The path and query to go to after that, where a text is one of ours; else the first page.
    static func next(_ text: String?) -> String {
        guard let text, text.hasPrefix("/"), !text.hasPrefix("//"), !text.hasPrefix("/\\"), text.utf8.count <= 2000,
            // What a header cannot hold, and what browsers leave out of an address.
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") })
        else { return "/" }
        return text
    }

    /// A text as the value of an item of a query.
    static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { escaped, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                escaped.unicodeScalars.append(UnicodeScalar(byte))
            default: escaped += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }
}
