import CZeroMQ

/// A pair of keys of CURVE, ZeroMQ's encryption: texts of 40 characters (Z85).
package struct CurveKeyPair: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    /// What others know it by.
    package let publicKey: String
    /// What only its owner knows.
    package let secretKey: String

    /// Only the public half is shown.
    package var description: String { publicKey }
    package var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }

    /// The number of characters of a key.
    package static let keyLength = 40

    /// Makes a new pair. The corresponding C function is `zmq_curve_keypair`.
    package init() throws(ZeroMQError) {
        var publicKey = [CChar](repeating: 0, count: CurveKeyPair.keyLength + 1)
        var secretKey = publicKey
        guard zmq_curve_keypair(&publicKey, &secretKey) == 0 else { throw ZeroMQError.last("make a pair of keys") }
        self.publicKey = CurveKeyPair.text(publicKey)
        self.secretKey = CurveKeyPair.text(secretKey)
    }

    /// Derives the pair of a secret key; nil where the text is no key. The corresponding C function is `zmq_curve_public`.
    package init?(secretKey: String) {
        guard CurveKeyPair.isKey(secretKey) else { return nil }
        var publicKey = [CChar](repeating: 0, count: CurveKeyPair.keyLength + 1)
        guard zmq_curve_public(&publicKey, secretKey) == 0 else { return nil }
        self.publicKey = CurveKeyPair.text(publicKey)
        self.secretKey = secretKey
    }

    /// The text is a key: 40 characters that stand for 32 bytes.
    package static func isKey(_ text: String) -> Bool {
        guard text.utf8.count == keyLength, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return false }
        var bytes = [UInt8](repeating: 0, count: 32)
        return zmq_z85_decode(&bytes, text) != nil
    }

    /// The text of a key's 32 bytes; nil where they are not as many. The corresponding C function is `zmq_z85_encode`.
    package static func text(ofKey bytes: [UInt8]) -> String? {
        guard bytes.count == 32 else { return nil }
        var text = [CChar](repeating: 0, count: keyLength + 1)
        guard zmq_z85_encode(&text, bytes, bytes.count) != nil else { return nil }
        return self.text(text)
    }

    private static func text(_ bytes: [CChar]) -> String {
        String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
