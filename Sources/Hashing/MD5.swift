import COpenSSL

/// MD5 (RFC 1321) by OpenSSL, for checksums that others still write. It proves that a copy is whole, and nothing more.
package struct MD5: ~Copyable {
    private let context: OpaquePointer

    /// "Multiple threads can use the same EVP_MD" once it is fetched (EVP_MD_fetch(3)).
    nonisolated(unsafe) private static let algorithm = EVP_MD_fetch(nil, "MD5", nil)

    /// Starts a digest; nil where the system's rules allow no MD5 (FIPS).
    package init?() {
        guard let algorithm = MD5.algorithm, let made = EVP_MD_CTX_new(),
            EVP_DigestInit_ex(made, algorithm, nil) == 1
        else { return nil }
        context = made
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes.
    package mutating func update(_ bytes: [UInt8]) { EVP_DigestUpdate(context, bytes, bytes.count) }

    /// Ends the digest; returns 16 bytes.
    package consuming func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
            count = 16
        }
    }
}
