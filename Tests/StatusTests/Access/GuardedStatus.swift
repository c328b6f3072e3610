import Articles
import HTTP
import TestSupport

@testable import Status

/// A status service with a token of each role.
final class GuardedStatus {
    /// What requests from elsewhere are told apart by, here where all come from loopback.
    static let elsewhere = "X-Forwarded-For: 198.51.100.7\r\n"

    let running: RunningStatus
    let tokens: TokenFile
    let reader: String
    let operatorToken: String

    init(adjust: (inout WebService.Settings) throws -> Void = { _ in }) throws {
        let scratch = try ScratchDirectory()
        let file = TokenFile(path: scratch.path("tokens"))
        tokens = file
        reader = try file.add("reader", role: .read)
        operatorToken = try file.add("boss", role: .operate)
        running = try RunningStatus(scratch: scratch) { settings in
            settings.configuration.tokens = file.path
            settings.configuration.hosts = ["news.example"]
            try adjust(&settings)
        }
    }

    /// Reads something over TCP.
    func get(
        _ path: String, _ headers: String = "", host: String = "localhost", from source: String = "127.0.0.1"
    ) throws -> WebReply { try ask("GET", path, headers, host: host, from: source) }

    /// Asks over TCP.
    func ask(
        _ method: String, _ path: String, _ headers: String = "", host: String = "localhost",
        from source: String = "127.0.0.1", body: String = ""
    ) throws -> WebReply {
        try WebReply.ask(
            port: running.port, from: source, GuardedStatus.request(method, path, headers, host: host, body: body))
    }

    /// A request that ends its connection.
    static func request(
        _ method: String, _ path: String, _ headers: String, host: String = "localhost", body: String = ""
    ) -> String {
        let length = method == "GET" ? "" : "Content-Length: \(body.utf8.count)\r\n"
        return "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n\(headers)\(length)Connection: close\r\n\r\n\(body)"
    }

    /// The header of a token.
    static func bearer(_ token: String) -> String { "Authorization: Bearer \(token)\r\n" }
}

extension WebReply {
    /// It was refused for want of a right, and not for what was sent.
    var isRefused: Bool { status == 401 || status == 403 && headers["www-authenticate"] != nil }

    /// The value of the hidden field of a page's form that is sent to a path.
    func formToken(of path: String) -> String? {
        guard let form = text.ranges(of: "action=\"\(path)\"").first else { return nil }
        let rest = text[form.upperBound...]
        guard let field = rest.ranges(of: "name=\"\(Site.formTokenField)\" value=\"").first else { return nil }
        return String(rest[field.upperBound...].prefix { $0 != "\"" })
    }
}
