/// Where a browser says that a request comes from; what keeps a page of somebody else's from acting here (CSRF).
package enum RequestOrigin: Sendable {
    /// From a page of this server, or from the address bar.
    case same
    /// From another site's page, or from one that hides where it is from.
    case cross
    /// Nothing is said: no browser of the last years, but a program. Such a one has no right that its user gave to
    /// another.
    case unstated
}

extension Request {
    /// Where the request comes from, by `Sec-Fetch-Site`, which pages cannot set, else by `Origin` beside `Host`.
    package var origin: RequestOrigin {
        switch header("Sec-Fetch-Site") {
        case "same-origin", "none": return .same
        case .some: return .cross
        case nil: break
        }
        let stated = headers.filter { equalIgnoringCase($0.name, "Origin") }.map(\.value)
        guard let origin = stated.first else { return .unstated }
        guard stated.count == 1, let host = header("Host"), !host.isEmpty else { return .cross }
        // A proxy in front may have taken TLS away: the scheme says only which port is left out.
        for (scheme, port) in [("http://", ":80"), ("https://", ":443")] where origin.hasPrefix(scheme) {
            func full(_ authority: String) -> String {
                let hasPort = authority.utf8.reversed().drop { (48...57).contains($0) }.first == UInt8(ascii: ":")
                return hasPort ? authority : authority + port
            }
            return equalIgnoringCase(full(String(origin.dropFirst(scheme.count))), full(host)) ? .same : .cross
        }
        return .cross
    }
}
