/// Where a server's certificate and its key are, both in PEM.
package struct CertificateFiles: Sendable, Hashable {
    /// The certificate, followed by those that lead to one that clients know.
    package var certificate: String
    /// The private key, without a password.
    package var key: String

    /// Names the files.
    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}
