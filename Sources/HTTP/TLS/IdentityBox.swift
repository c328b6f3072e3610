import CMicroHTTPD
import Synchronization

/// The certificate that a server shows, which may be another one tomorrow.
final class IdentityBox: Sendable {
    private let files: CertificateFiles
    // A handshake uses what it was given until its end, and says nothing then: those before are kept, some kilobytes
    // each.
    private let identities: Mutex<[Identity]>

    /// Reads the files.
    init(_ files: CertificateFiles) throws(ServerError) {
        self.files = files
        identities = Mutex([try Identity(files)])
    }

    /// Reads the files again; what was there before stays where they cannot be used.
    func reload() throws(ServerError) {
        let identity = try Identity(files)
        identities.withLock { $0.append(identity) }
    }

    var current: Identity? { identities.withLock { $0.last } }
}

/// GnuTLS asks this for the certificate of a handshake; the corresponding C type is
/// `gnutls_certificate_retrieve_function2`.
func identityWanted(
    _ session: gnutls_session_t?, _ authorities: UnsafePointer<gnutls_datum_t>?, _ authorityCount: Int32,
    _ algorithms: UnsafePointer<gnutls_pk_algorithm_t>?, _ algorithmCount: Int32,
    _ certificates: UnsafeMutablePointer<UnsafeMutablePointer<gnutls_pcert_st>?>?,
    _ count: UnsafeMutablePointer<UInt32>?,
    _ key: UnsafeMutablePointer<gnutls_privkey_t?>?
) -> Int32 {
    // libmicrohttpd leaves its connection there.
    guard let session, let handle = gnutls_session_get_ptr(session),
        let identity = connection(of: OpaquePointer(handle))?.worker.identity?.current
    else { return -1 }
    certificates?.pointee = identity.certificates
    count?.pointee = identity.count
    key?.pointee = identity.key
    return 0
}
