/// Addresses as pages write them.
enum WebAddress {
    /// Whether an address is one of the web and complete.
    static func isAbsolute(_ address: String) -> Bool {
        let head = address.prefix(8).lowercased()
        return (head.hasPrefix("https://") || head.hasPrefix("http://")) && address.utf8.count <= 2048
            && !address.utf8.contains { $0 <= 0x20 }
    }

    /// Whether an address says more than whose site it is.
    static func hasPath(_ address: String) -> Bool {
        guard let host = address.firstRange(of: "//") else { return false }
        let rest = address[host.upperBound...]
        return rest.firstIndex { $0 == "/" || $0 == "?" }.map { rest[$0...].utf8.count > 1 } ?? false
    }

    /// The host of a complete address, without `www.`.
    static func host(of address: String) -> String? {
        guard isAbsolute(address), let mark = address.firstRange(of: "//") else { return nil }
        let host = address[mark.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != ":" }.lowercased()
        return host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
    }

    /// Returns an address made complete by the page's own; nil where it cannot be, or is no address of the web.
    static func resolve(_ address: String, against base: String?) -> String? {
        if isAbsolute(address) { return address }
        if address.hasPrefix("//") { return isAbsolute("https:" + address) ? "https:" + address : nil }
        guard address.hasPrefix("/"), let base, let scheme = base.firstRange(of: "//") else { return nil }
        let host = base[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let resolved = base[..<scheme.upperBound] + host + address
        return isAbsolute(String(resolved)) ? String(resolved) : nil
    }
}
