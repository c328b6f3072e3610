/// What is wrong with a request's head where libmicrohttpd finds nothing wrong with it.
///
/// What a proxy in front may read in another way than we do is refused, not repaired: two lengths of one body are two
/// requests to one of both (request smuggling). Paths are told as they were sent, with `..` and `//`: to clean one up
/// would be another way to read it in another way.
struct RequestCheck {
    /// Why it is refused.
    struct Refusal: Error, Equatable {
        var status = 400
        let text: String
    }

    /// The path as it was sent, without the authority of a request to a proxy.
    let rawPath: String
    /// The path with its escapes decoded.
    let path: String
    /// The length of the body that is announced; nil where none is.
    let contentLength: Int?

    init(method: String, target: String, version: String, headers: [Request.Field]) throws(Refusal) {
        var lengths: [String] = []
        var codings: [String] = []
        var hosts: [String] = []
        for header in headers {
            guard !header.name.isEmpty, header.name.utf8.allSatisfy(RequestCheck.isTokenByte) else {
                throw Refusal(text: "A header's name is none.")
            }
            guard header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 9 }) else {
                throw Refusal(text: "A header's value has a control character.")
            }
            if equalIgnoringCase(header.name, "Content-Length") { lengths.append(header.value) }
            if equalIgnoringCase(header.name, "Transfer-Encoding") { codings.append(header.value) }
            if equalIgnoringCase(header.name, "Host") { hosts.append(header.value) }
        }
        guard hosts.count <= 1, hosts.allSatisfy({ $0.utf8.allSatisfy(RequestCheck.isAuthorityByte) }) else {
            throw Refusal(text: "The request has no one host.")
        }
        guard lengths.count + codings.count <= 1 else {
            throw Refusal(text: "The request has more than one length.")
        }
        if let coding = codings.first {
            guard version == "HTTP/1.1" else { throw Refusal(text: "HTTP/1.0 has no transfer coding.") }
            guard equalIgnoringCase(coding, "chunked") else {
                throw Refusal(status: 501, text: "The only transfer coding is chunked.")
            }
        }
        // Too long for a number is too long for us.
        contentLength = lengths.first.map { Int($0) ?? Int.max }
        rawPath = try RequestCheck.path(of: target, method: method, host: hosts.first)
        guard let path = percentDecoded(rawPath.utf8) else {
            throw Refusal(text: "The path has an escape that is not one.")
        }
        self.path = path
    }

    /// A path, an asterisk for OPTIONS, or an absolute URL that has our host's name (RFC 9112, 3.2).
    private static func path(of target: String, method: String, host: String?) throws(Refusal) -> String {
        if target.utf8.first == UInt8(ascii: "/") || (target == "*" && method == "OPTIONS") { return target }
        for scheme in ["http://", "https://"] where equalIgnoringCase(String(target.prefix(scheme.count)), scheme) {
            let rest = target.dropFirst(scheme.count)
            let authority = rest.prefix { $0 != "/" }
            guard let host, !host.isEmpty, equalIgnoringCase(String(authority), host) else { break }
            return authority.count == rest.count ? "/" : String(rest.dropFirst(authority.count))
        }
        throw Refusal(text: "The request asks for something that is no path of this host.")
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func isAuthorityByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7f && !"/?#@\\,;\"<>".utf8.contains(byte)
    }
}
