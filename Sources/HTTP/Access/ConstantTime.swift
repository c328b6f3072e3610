import CMicroHTTPD

/// Comparison of secrets in a time that does not tell how much of them is right.
package enum ConstantTime {
    /// Returns whether both are the same. Only the length can be found out by time. The corresponding C function is
    /// `gnutls_memcmp`.
    package static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && gnutls_memcmp(left, right, left.count) == 0
    }

    /// Returns whether both have the same UTF-8.
    package static func equal(_ left: String, _ right: String) -> Bool { equal(Array(left.utf8), Array(right.utf8)) }
}
