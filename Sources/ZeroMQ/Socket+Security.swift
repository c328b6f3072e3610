import CZeroMQ

/// Who may connect, and who is connected to: CURVE, and the questions to the context's authenticator (ZAP).
///
/// libzmq copies these options when an endpoint is bound or connected, so one socket may bind several endpoints, each
/// with what was set before it.
extension Socket {
    /// Whatever is bound after this speaks CURVE with this key.
    package func setCurveServer(_ keys: CurveKeyPair) throws(ZeroMQError) {
        try set(code: ZMQ_CURVE_SERVER, 1, "become a CURVE server")
        try set(code: ZMQ_CURVE_SECRETKEY, keys.secretKey, "set the secret key")
    }

    /// Whatever is connected after this speaks CURVE with this key, to a server that has the key `serverKey`.
    package func setCurveClient(_ keys: CurveKeyPair, serverKey: String) throws(ZeroMQError) {
        try set(code: ZMQ_CURVE_SERVERKEY, serverKey, "set the server's key")
        try set(code: ZMQ_CURVE_PUBLICKEY, keys.publicKey, "set the public key")
        try set(code: ZMQ_CURVE_SECRETKEY, keys.secretKey, "set the secret key")
    }

    /// Whatever is bound after this speaks no CURVE (the mechanism NULL).
    package func setPlain() throws(ZeroMQError) { try set(code: ZMQ_CURVE_SERVER, 0, "set the mechanism") }

    /// Whoever connects to what is bound after this is admitted by the context's authenticator, who is told `domain`.
    ///
    /// Where there is no authenticator nobody is admitted.
    package func setAuthentication(domain: String) throws(ZeroMQError) {
        try set(code: ZMQ_ZAP_DOMAIN, domain, "set the domain")
        // ZMQ_ZAP_ENFORCE_DOMAIN. Without it libzmq admits everybody where nobody answers its questions. The constant
        // stands in the draft part of zmq.h, which Debian leaves out; its libzmq knows the option.
        try set(code: 93, 1, "enforce the domain")
    }

    private func set(code: Int32, _ value: Int32, _ what: String) throws(ZeroMQError) {
        var value = value
        guard zmq_setsockopt(handle, code, &value, MemoryLayout<Int32>.size) == 0 else { throw ZeroMQError.last(what) }
    }

    private func set(code: Int32, _ text: String, _ what: String) throws(ZeroMQError) {
        // A key goes with its closing NUL, a domain without: libzmq takes 40 characters as well.
        guard zmq_setsockopt(handle, code, text, text.utf8.count) == 0 else { throw ZeroMQError.last(what) }
    }
}
