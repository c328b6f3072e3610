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
        guard let resolved = join(address, to: base), isAbsolute(resolved) else { return nil }
        return resolved
    }

    /// Returns an address made complete by what it is relative to (RFC 3986, section 5.2); nil where it cannot be.
    static func join(_ address: String, to base: String?) -> String? {
        let scheme = address.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
        if !scheme.isEmpty, address[scheme.endIndex...].first == ":" { return address }
        guard let base, let mark = base.firstRange(of: "://") else { return nil }
        if address.isEmpty { return base }
        if address.hasPrefix("//") { return base[..<mark.lowerBound] + ":" + address }
        let path = base[mark.upperBound...].firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? base.endIndex
        let host = base[..<path]
        if address.hasPrefix("/") { return String(host + withoutDots(address)) }
        let plain = base[path...].prefix { $0 != "?" && $0 != "#" }
        if address.hasPrefix("?") { return String(host + plain + address) }
        if address.hasPrefix("#") { return String(base.prefix { $0 != "#" } + address) }
        let folder = plain.lastIndex(of: "/").map { plain[...$0] } ?? "/"
        return String(host + withoutDots(folder + address))
    }

    /// Returns a path without `.` and `..`.
    private static func withoutDots(_ address: String) -> String {
        let end = address.firstIndex { $0 == "?" || $0 == "#" } ?? address.endIndex
        var parts: [Substring] = []
        let given = address[..<end].split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for (place, part) in zip(given.indices, given) {
            let isLast = place == given.endIndex - 1
            switch part {
            case ".": if isLast { parts.append("") }
            case "..":
                _ = parts.popLast()
                if isLast { parts.append("") }
            default: parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/") + address[end...]
    }
}
