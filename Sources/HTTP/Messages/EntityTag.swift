import CMicroHTTPD

/// The validator of a representation (RFC 9110, 8.8.3): another tag, other bytes.
package struct EntityTag: Sendable, Hashable, CustomStringConvertible {
    /// What stands between the quotation marks.
    package let value: String

    /// Makes a tag of something that changes with the content, such as a version; visible ASCII without quotation
    /// marks.
    package init(_ value: String) {
        precondition(
            value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") },
            "an entity tag has only visible characters")
        self.value = value
    }

    /// Makes a tag of a content: half of its SHA-256, since others write what we serve and may look for collisions.
    package init(of content: [UInt8]) {
        var digest = [UInt8](repeating: 0, count: 32)
        guard gnutls_hash_fast(GNUTLS_DIG_SHA256, content, content.count, &digest) == 0 else {
            fatalError("SHA-256 is not available in GnuTLS")
        }
        value = digest.prefix(16).reduce(into: "") { text, byte in
            text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
    }

    /// As it is sent.
    package var description: String { "\"\(value)\"" }

    /// Returns whether it stands in an `If-None-Match`, by the weak comparison that the standard asks for there.
    package func isMatched(by header: String) -> Bool {
        var rest = Substring(header)
        while true {
            rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "," }
            if rest.first == "*" { return true }
            if rest.hasPrefix("W/") { rest = rest.dropFirst(2) }
            guard rest.popFirst() == "\"", let end = rest.firstIndex(of: "\"") else { return false }
            if rest[..<end] == value { return true }
            rest = rest[rest.index(after: end)...]
        }
    }
}
