import CZeroMQ

/// Keys of CURVE for the bare sockets, made once a run.
struct BareKeys {
    let publicKey: String
    let secretKey: String

    static let server = BareKeys()
    static let client = BareKeys()

    private init() {
        var publicKey = [CChar](repeating: 0, count: 41)
        var secretKey = publicKey
        zmq_curve_keypair(&publicKey, &secretKey)
        self.publicKey = BareKeys.text(publicKey)
        self.secretKey = BareKeys.text(secretKey)
    }

    private static func text(_ key: [CChar]) -> String {
        String(decoding: key.prefix(40).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
