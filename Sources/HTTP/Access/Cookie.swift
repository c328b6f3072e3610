/// A cookie that a response sets: it goes back to this server only, no script sees it, and no page of another site makes
/// a browser send it.
package struct Cookie: Sendable, Equatable {
    /// Its name.
    package var name: String
    /// Its value: letters, digits and `-._~`.
    package var value: String
    /// How long the browser keeps it; zero removes it.
    package var lifetime: Duration
    /// It is sent by TLS only.
    package var isSecure: Bool

    /// Makes a cookie. A name that begins with `__Host-` needs one that is secure.
    package init(name: String, value: String, lifetime: Duration, isSecure: Bool) {
        self.name = name
        self.value = value
        self.lifetime = lifetime
        self.isSecure = isSecure
    }

    /// The value of `Set-Cookie`.
    package var header: String {
        precondition(
            (name + value).utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"\",;\\".utf8.contains($0) },
            "a character that a cookie cannot have")
        let seconds = max(0, lifetime.components.seconds)
        return "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
    }
}

extension Request {
    /// Returns the values of the cookies called `name`: more than one where others may set cookies for this host, too.
    package func cookies(_ name: String) -> [String] {
        headers.filter { equalIgnoringCase($0.name, "Cookie") }.flatMap { header in
            header.value.split(separator: ";").compactMap { pair in
                let sides = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
                return sides.count == 2 && sides[0] == name ? String(sides[1]) : nil
            }
        }
    }
}
