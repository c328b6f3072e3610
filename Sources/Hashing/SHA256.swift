import COpenSSL

/// SHA-256 (FIPS 180-4) by OpenSSL: one pass over pieces of any size.
package struct SHA256: ~Copyable {
    private let context: OpaquePointer

    /// The algorithm, looked up once: `EVP_sha256` alone makes OpenSSL 3 look it up by name at every start of a digest.
    ///
    /// "Multiple threads can use the same EVP_MD" once it is fetched: it is not changed any more (EVP_MD_fetch(3)).
    nonisolated(unsafe) private static let algorithm: OpaquePointer = {
        guard let fetched = EVP_MD_fetch(nil, "SHA256", nil) else { fatalError("SHA-256 is not available in OpenSSL") }
        return fetched
    }()

    /// Starts a digest. The corresponding C function is `EVP_DigestInit_ex`.
    package init() {
        guard let made = EVP_MD_CTX_new(), EVP_DigestInit_ex(made, SHA256.algorithm, nil) == 1 else {
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
        EVP_DigestInit_ex(context, SHA256.algorithm, nil)
        return digest
    }

    /// Returns the digest of `bytes` in one call, 32 bytes.
    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            guard EVP_Digest(bytes, bytes.count, buffer.baseAddress, nil, algorithm, nil) == 1 else {
                fatalError("SHA-256 is not available in OpenSSL")
            }
            count = 32
        }
    }
}
