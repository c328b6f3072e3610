import FoundationEssentials

extension Request {
    /// The password of `Authorization: Basic` (RFC 7617), for programs that know nothing else, such as readers of feeds;
    /// nil where there is none, or more than one header of the name.
    package var basicPassword: String? {
        let stated = headers.filter { equalIgnoringCase($0.name, "Authorization") }
        guard stated.count == 1 else { return nil }
        let parts = stated[0].value.split(separator: " ")
        guard parts.count == 2, equalIgnoringCase(String(parts[0]), "Basic"),
            let bytes = Data(base64Encoded: String(parts[1])), let text = String(validating: bytes, as: UTF8.self),
            let colon = text.firstIndex(of: ":")
        else { return nil }
        return String(text[text.index(after: colon)...])
    }

    /// The token of `Authorization: Bearer` (RFC 6750); nil where there is none, or more than one header of the name.
    package var bearerToken: String? {
        let stated = headers.filter { equalIgnoringCase($0.name, "Authorization") }
        guard stated.count == 1 else { return nil }
        let parts = stated[0].value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, equalIgnoringCase(String(parts[0]), "Bearer") else { return nil }
        let token = parts[1].drop { $0 == " " }
        let isToken = token.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-._~+/=".utf8.contains(byte)
            }
        }
        return token.isEmpty || !isToken ? nil : String(token)
    }
}

extension Response {
    /// Makes the answer to a request that has to say who asks, or has said so in vain.
    ///
    /// - Parameters:
    ///   - realm: what is protected, for a person to read.
    ///   - error: `invalid_token` where a token was there, as RFC 6750 has it; nil where none was.
    package static func unauthorized(realm: String, error: String? = nil) -> Response {
        var response = text("This needs a bearer token.\n", status: 401)
        let quoted = realm.filter { $0 != "\"" && $0 != "\\" && $0 != "\r\n" && $0 != "\n" && $0 != "\r" }
        response.addHeader("WWW-Authenticate", "Bearer realm=\"\(quoted)\"" + (error.map { ", error=\"\($0)\"" } ?? ""))
        return response
    }

    /// Makes the answer to a method that a path does not know.
    package static func methodNotAllowed(_ allowed: [String]) -> Response {
        var response = text("This path does not know the method.\n", status: 405)
        response.addHeader("Allow", allowed.joined(separator: ", "))
        return response
    }

    /// Makes the answer to OPTIONS.
    package static func options(_ allowed: [String]) -> Response {
        Response(status: 204, headers: [.init(name: "Allow", value: allowed.joined(separator: ", "))])
    }
}
