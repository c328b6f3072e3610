import CMicroHTTPD

/// Hidden fields that say that a form was ours: another site's page cannot read one, so it cannot send one.
///
/// A token is made by a secret of this process and is good for one purpose and a time. No two are alike: who makes a
/// page be compressed beside words of his own learns nothing about the next one.
package struct FormTokens: Sendable {
    private let secret: [UInt8]
    private let lifetime: Duration
    private let start: ContinuousClock.Instant

    private static let nonceLength = 16

    /// Makes tokens that end with the process.
    package init(lifetime: Duration = .seconds(12 * 3600), start: ContinuousClock.Instant = .now) {
        var generator = SystemRandomNumberGenerator()
        secret = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        self.lifetime = lifetime
        self.start = start
    }

    /// Returns a token for a purpose, such as the path that the form is sent to.
    package func token(for purpose: String, at now: ContinuousClock.Instant = .now) -> String {
        var generator = SystemRandomNumberGenerator()
        let nonce = (0..<FormTokens.nonceLength).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let head = nonce + bytes(of: UInt64(max(0, (now - start) / .seconds(1))))
        return FormTokens.hexadecimal(head + seal(head, purpose))
    }

    /// Returns whether a token was made here for the purpose, not longer ago than its lifetime.
    package func isValid(_ token: String, for purpose: String, at now: ContinuousClock.Instant = .now) -> Bool {
        let headLength = FormTokens.nonceLength + 8
        guard let bytes = FormTokens.bytes(ofHexadecimal: token), bytes.count == headLength + 32 else { return false }
        let head = Array(bytes[..<headLength])
        guard ConstantTime.equal(Array(bytes[headLength...]), seal(head, purpose)) else { return false }
        let seconds = head[FormTokens.nonceLength...].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return now - start - .seconds(Int64(clamping: seconds)) <= lifetime
    }

    /// The corresponding C function is `gnutls_hmac_fast`.
    private func seal(_ head: [UInt8], _ purpose: String) -> [UInt8] {
        var seal = [UInt8](repeating: 0, count: 32)
        let message = head + Array(purpose.utf8)
        guard gnutls_hmac_fast(GNUTLS_MAC_SHA256, secret, secret.count, message, message.count, &seal) == 0 else {
            fatalError("HMAC with SHA-256 is not available in GnuTLS")
        }
        return seal
    }

    private func bytes(of number: UInt64) -> [UInt8] {
        (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.reduce(into: "") { $0 += String($1 >> 4, radix: 16) + String($1 & 15, radix: 16) }
    }

    private static func bytes(ofHexadecimal text: String) -> [UInt8]? {
        let digits = text.utf8.map { digit -> UInt8? in
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
            default: nil
            }
        }
        guard digits.count % 2 == 0, !digits.contains(nil) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0]! << 4 | digits[$0 + 1]! }
    }
}
