package import TOML

/// The keys of `[status]` that are the status service's own.
package struct Configuration: Decodable, Sendable, Equatable {
    /// Where the page and the API are served without TLS: to this machine only.
    package var http = HTTPAddress(host: "127.0.0.1", port: 8470)
    /// Where they are served with TLS, beside that; beyond this machine to those with a token.
    package var https: [HTTPAddress] = []
    /// The files of certificate and key for TLS.
    package var certificate = ""
    package var key = ""
    /// The file with the list of tokens; empty where there are none.
    package var tokens = ""
    /// What is asked of those on this machine.
    package var loopback = LoopbackRule.open
    /// Proxies in front, which are believed when they say who their clients are.
    package var proxies: [ProxyName] = []
    /// Names by which a browser may call the service beside loopback's own: its own, or those of a proxy in front of it.
    package var hosts: [String] = []
    /// How much clients may take.
    package var limits = AccessLimits()
    /// How long articles, files and results are kept.
    package var retention = Duration.seconds(90 * 86_400)
    /// The size of the store at which the oldest go, whatever their age; 0 for none.
    package var maximumBytes: ByteSize = 0

    package init() {}

    private enum CodingKeys: String, CodingKey {
        case http, https, tokens, loopback, hosts, limits, retention
        case certificate = "tls_certificate"
        case key = "tls_key"
        case proxies = "trusted_proxies"
        case maximumBytes = "max_bytes"
    }

    package init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        http = try keys.value(.http, default: http) { address in
            // Whoever reached it could read everything that is published, and retry or discard files.
            address.isLoopback
                ? nil
                : "'\(address)' could be reachable from other machines, and what goes over it can be read on its way: "
                    + "serve it there with TLS and tokens (https, tls_certificate, tls_key, tokens), or keep http on "
                    + "127.0.0.1:PORT or [::1]:PORT and put a proxy with TLS in front of it"
        }
        https = try keys.value(.https, default: https)
        certificate = try keys.value(.certificate, default: certificate, check: Configuration.problem(ofFile:))
        key = try keys.value(.key, default: key, check: Configuration.problem(ofFile:))
        tokens = try keys.value(.tokens, default: tokens, check: Configuration.problem(ofFile:))
        loopback = try keys.value(.loopback, default: loopback)
        proxies = try keys.value(.proxies, default: proxies)
        hosts = try keys.value(.hosts, default: hosts) { hosts in
            let wrong = hosts.first { $0.isEmpty || $0.contains("/") || $0.contains(":") }
            return wrong.map { "must be names without scheme and port, has \"\($0)\"" }
        }
        limits = try keys.section(.limits, default: limits) { try AccessLimits(from: $0) }
        retention = try keys.value(.retention, default: retention, in: .seconds(3600) ... .seconds(3650 * 86_400))
        maximumBytes = try keys.value(.maximumBytes, default: maximumBytes) { size in
            size == 0 || size >= .mebibytes(16) ? nil : "must be 0B, or 16MiB and more"
        }
        try noteWhatIsMissing(keys)
    }

    private func noteWhatIsMissing(_ keys: KeyedDecodingContainer<CodingKeys>) throws {
        if certificate.isEmpty != key.isEmpty {
            try keys.note(certificate.isEmpty ? .key : .certificate, "TLS needs both, tls_certificate and tls_key")
        } else if !https.isEmpty, certificate.isEmpty {
            try keys.note(.https, "needs tls_certificate and tls_key; or put a proxy with TLS in front of http")
        }
        if tokens.isEmpty {
            if let index = https.firstIndex(where: { !$0.isLoopback }) {
                try keys.note(
                    .https, index,
                    "'\(https[index])' could be reachable from other machines, which need tokens: make one with "
                        + "`dropwire token add NAME --file FILE`, and set tokens = \"FILE\"")
            }
            if loopback == .token {
                try keys.note(.loopback, "\"token\" needs tokens: set tokens to a file that `dropwire token add` makes")
            }
        }
    }

    private static func problem(ofFile path: String) -> String? {
        path.isEmpty || path.hasPrefix("/") ? nil : "must be an absolute path"
    }
}
