import FoundationEssentials
import Hashing
package import Linux

/// Signs deliveries as Standard Webhooks 1.0.0 says (<https://www.standardwebhooks.com>), for which there are libraries that
/// verify it in most languages: HMAC with SHA-256 over id, time and body.
package struct WebhookSigner: Sendable {
    private let key: [UInt8]

    /// Takes a key: `whsec_` and 24 to 64 bytes in base64.
    ///
    /// - Parameter section: where it is named in the configuration, for errors.
    package init(_ secret: Secret, section: String) throws(SecretProblem) {
        let prefix = "whsec_"
        guard secret.text.hasPrefix(prefix),
            let key = Data(base64Encoded: String(secret.text.dropFirst(prefix.count))), (24...64).contains(key.count)
        else {
            throw SecretProblem(
                description: "\(section): its key must be whsec_ and 24 to 64 random bytes in base64, as "
                    + "printf 'whsec_%s' \"$(openssl rand -base64 32)\" makes one")
        }
        self.key = Array(key)
    }

    /// Returns the headers of a delivery.
    ///
    /// - Parameters:
    ///   - id: the same at every attempt, by which a receiver knows it again.
    ///   - time: of this attempt, seconds since 1970.
    func headers(id: String, time: Int64, body: [UInt8]) -> [(name: String, value: String)] {
        let signature = HMAC.sha256(Array("\(id).\(time).".utf8) + body, key: key)
        return [
            ("webhook-id", id), ("webhook-timestamp", "\(time)"),
            ("webhook-signature", "v1,\(Data(signature).base64EncodedString())"),
        ]
    }
}
