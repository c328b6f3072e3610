import COpenSSL

/// HMAC with SHA-256 (RFC 2104, FIPS 198-1) by OpenSSL: who has the key wrote the message.
package enum HMAC {
    /// Returns the 32 bytes for a message. The corresponding C function is `EVP_Q_mac`.
    package static func sha256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            var length = 0
            let made = EVP_Q_mac(
                nil, "HMAC", nil, "SHA256", nil, key, key.count, message, message.count, buffer.baseAddress, 32, &length
            )
            guard made != nil, length == 32 else { fatalError("HMAC with SHA-256 is not available in OpenSSL") }
            count = 32
        }
    }
}
