import COpenSSL

/// SHA-256 (FIPS 180-4) by OpenSSL: one pass over pieces of any size.
package struct SHA256: ~Copyable {
    private let context: OpaquePointer

    /// Starts a digest. The corresponding C function is `EVP_DigestInit_ex`.
    package init() {
        guard let made = EVP_MD_CTX_new(), EVP_DigestInit_ex(made, EVP_sha256(), nil) == 1 else {
            fatalError("SHA-256 is not available in OpenSSL")
        }
        context = made
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// Adds bytes.
    package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    /// Ends the digest and starts a new one; returns 32 bytes.
    package mutating func finish() -> [UInt8] {
        let digest = [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
            count = 32
        }
        EVP_DigestInit_ex(context, EVP_sha256(), nil)
        return digest
    }

    /// Returns the digest of `bytes` in one call, 32 bytes.
    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var digest = SHA256()
        digest.update(bytes)
        return digest.finish()
    }
}
