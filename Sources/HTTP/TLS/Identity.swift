import CMicroHTTPD
import Glibc

/// A certificate with its key, as GnuTLS wants them for a handshake.
///
/// What it points to stays where it is and is not changed after it was made, so that handshakes on any thread may use
/// it.
final class Identity: @unchecked Sendable {
    let certificates: UnsafeMutablePointer<gnutls_pcert_st>
    let count: UInt32
    let key: gnutls_privkey_t
    /// When the certificate ends, in seconds since 1970; nil where it does not say.
    let end: Int64?

    /// The most certificates of one chain.
    private static let longestChain: UInt32 = 16
    private static let largestFile = 1 << 20

    /// Reads the files, and finds out whether the key is the certificate's.
    init(_ files: CertificateFiles) throws(ServerError) {
        let certificateText = try Identity.read(files.certificate)
        let keyText = try Identity.read(files.key)
        try Identity.check(certificateText, keyText, files)

        let certificates = UnsafeMutablePointer<gnutls_pcert_st>.allocate(capacity: Int(Identity.longestChain))
        var count = Identity.longestChain
        var key: gnutls_privkey_t?
        do throws(ServerError) {
            try Identity.call("read the certificate '\(files.certificate)'") {
                Identity.withDatum(certificateText) {
                    gnutls_pcert_list_import_x509_raw(certificates, &count, $0, GNUTLS_X509_FMT_PEM, 0)
                }
            }
            try Identity.call("read the key '\(files.key)'") { gnutls_privkey_init(&key) }
            try Identity.call("read the key '\(files.key)'") {
                Identity.withDatum(keyText) { gnutls_privkey_import_x509_raw(key, $0, GNUTLS_X509_FMT_PEM, nil, 0) }
            }
        } catch {
            if let key { gnutls_privkey_deinit(key) }
            certificates.deallocate()
            throw error
        }
        guard let key else { fatalError("GnuTLS made a key that is none") }
        self.certificates = certificates
        self.count = count
        self.key = key
        end = Identity.end(of: certificates)
    }

    /// The corresponding C function is `gnutls_x509_crt_get_expiration_time`.
    private static func end(of certificate: UnsafeMutablePointer<gnutls_pcert_st>) -> Int64? {
        var exported: gnutls_x509_crt_t?
        guard gnutls_pcert_export_x509(certificate, &exported) == 0, let exported else { return nil }
        defer { gnutls_x509_crt_deinit(exported) }
        let end = gnutls_x509_crt_get_expiration_time(exported)
        return end < 0 ? nil : Int64(end)
    }

    deinit {
        for index in 0..<Int(count) { gnutls_pcert_deinit(certificates + index) }
        certificates.deallocate()
        gnutls_privkey_deinit(key)
    }

    /// GnuTLS compares key and certificate only where it takes them both.
    private static func check(
        _ certificate: [UInt8], _ key: [UInt8], _ files: CertificateFiles
    ) throws(ServerError) {
        let operation = "use the key '\(files.key)' with the certificate '\(files.certificate)'"
        var credentials: gnutls_certificate_credentials_t?
        try call(operation) { gnutls_certificate_allocate_credentials(&credentials) }
        defer { gnutls_certificate_free_credentials(credentials) }
        try call(operation) {
            withDatum(certificate) { certificate in
                withDatum(key) { key in
                    gnutls_certificate_set_x509_key_mem2(
                        credentials, certificate, key, GNUTLS_X509_FMT_PEM, nil, 0)
                }
            }
        }
    }

    private static func call(_ operation: String, _ body: () -> Int32) throws(ServerError) {
        let code = body()
        guard code < 0 else { return }
        let cause = gnutls_strerror(code).map { String(cString: $0) } ?? "GnuTLS code \(code)"
        throw ServerError(operation: operation, cause: cause, code: code)
    }

    private static func withDatum<Result>(
        _ bytes: [UInt8], _ body: (UnsafePointer<gnutls_datum_t>) -> Result
    ) -> Result {
        var bytes = bytes
        return bytes.withUnsafeMutableBufferPointer { buffer in
            var datum = gnutls_datum_t(data: buffer.baseAddress, size: UInt32(buffer.count))
            return withUnsafePointer(to: &datum, body)
        }
    }

    private static func read(_ path: String) throws(ServerError) -> [UInt8] {
        func failure() -> ServerError {
            let code = errno
            return ServerError(operation: "read '\(path)'", cause: String(cString: strerror(code)), code: code)
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            guard count >= 0 else { throw failure() }
            if count == 0 { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= largestFile else {
                throw ServerError(operation: "read '\(path)'", cause: "it is too large for a certificate", code: 0)
            }
        }
    }
}
