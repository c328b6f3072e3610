/// What proxies in front say of the request that they pass on. Anybody can say it: who believes it looks first who has
/// sent it.
extension Request {
    /// Some proxy has passed it on, or somebody says so.
    package var isForwarded: Bool {
        headers.contains { header in Request.forwardingHeaders.contains { equalIgnoringCase(header.name, $0) } }
    }

    private static let forwardingHeaders = [
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port",
        "X-Forwarded-Server", "X-Forwarded-Prefix", "X-Real-IP", "X-Original-Forwarded-For", "CF-Connecting-IP",
        "True-Client-IP", "Via",
    ]

    /// The last address before `proxies` in the list of those that the request has come through; nil where none is
    /// named.
    ///
    /// Every proxy adds whom it got the request from at the end of the list, so what stands behind the last address
    /// that is no proxy's was written by proxies, and what stands before it by anybody.
    package func forwardedClient(trusting proxies: [AddressRange]) -> NetworkAddress? {
        var client: NetworkAddress?
        for text in forwardedAddresses.reversed() {
            // A name that hides the address, or nonsense: what is further away is not known.
            guard let address = Request.address(of: text) else { return client }
            client = address
            guard proxies.contains(where: { $0.contains(address) }) else { return address }
        }
        return client
    }

    /// The scheme that the client used, as the last proxy has it: `https` or `http`; nil where none is named.
    package var forwardedScheme: String? {
        let stated =
            headerList("X-Forwarded-Proto").flatMap { $0.split(separator: ",").last.map(String.init) }
            ?? forwardedElements.last.flatMap { Request.value(of: "proto", in: $0) }
        return stated.map { Request.trimmed($0).lowercased() }
    }

    /// `X-Forwarded-For`, which proxies mostly write; a `Forwarded` beside it may be whatever the client has sent.
    private var forwardedAddresses: [String] {
        guard let list = headerList("X-Forwarded-For") else {
            return forwardedElements.map { Request.value(of: "for", in: $0) ?? "" }
        }
        return list.split(separator: ",", omittingEmptySubsequences: false).map { Request.trimmed($0) }
    }

    /// The elements of `Forwarded` (RFC 7239), each with its pairs.
    private var forwardedElements: [[Field]] {
        guard let list = headerList("Forwarded") else { return [] }
        return Request.split(list, at: ",").map { element in
            Request.split(element, at: ";").compactMap { pair in
                let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard sides.count == 2 else { return nil }
                let value = Request.trimmed(sides[1])
                let isQuoted = value.count >= 2 && value.hasPrefix("\"") && value.hasSuffix("\"")
                return Field(
                    name: Request.trimmed(sides[0]), value: isQuoted ? String(value.dropFirst().dropLast()) : value)
            }
        }
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let front = text.drop { $0 == " " || $0 == "\t" }
        return String(front.prefix(front.count - front.reversed().prefix { $0 == " " || $0 == "\t" }.count))
    }

    private static func value(of name: String, in pairs: [Field]) -> String? {
        pairs.first { equalIgnoringCase($0.name, name) }?.value
    }

    /// Splits a list where the separator stands outside of quotes.
    private static func split(_ text: String, at separator: Character) -> [String] {
        var isQuoted = false
        return text.split(omittingEmptySubsequences: false) { character in
            if character == "\"" { isQuoted.toggle() }
            return character == separator && !isQuoted
        }.map(String.init)
    }

    /// The address of `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]` and `[2001:db8::1]:80`.
    private static func address(of text: String) -> NetworkAddress? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            return NetworkAddress(text[text.index(after: text.startIndex)..<end])
        }
        if text.count(where: { $0 == ":" }) == 1 { return NetworkAddress(text.prefix { $0 != ":" }) }
        return NetworkAddress(text)
    }
}
