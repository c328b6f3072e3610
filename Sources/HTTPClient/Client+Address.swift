extension Client {
    /// What keeps a text of a configuration from being the address of a server; nil where nothing does.
    ///
    /// - Parameter beginning: how addresses begin, as it is told to who wrote another one.
    package static func problem(ofURL url: String, beginning: String) -> String? {
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else { return "must begin with \(beginning)" }
        let rest = url.drop { $0 != ":" }.dropFirst(3)
        guard !rest.isEmpty, !rest.hasPrefix("/") else { return "must name a host" }
        // What is secret has no place in an address: addresses are shown.
        if rest.prefix(while: { $0 != "/" }).contains("@") { return "must not hold a user name or a password" }
        return url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } ? nil : "must be ASCII without spaces"
    }
}
