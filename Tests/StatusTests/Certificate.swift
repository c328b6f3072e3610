import Linux
import TestSupport
import Testing

/// Makes `certificate.pem` and `key.pem` for news.example, by OpenSSL's own program.
func makeCertificate(in scratch: ScratchDirectory) throws {
    let child = try ChildProcess(
        path: "/usr/bin/env",
        arguments: [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90",
            "-subj", "/CN=news.example", "-addext", "subjectAltName=DNS:news.example", "-keyout",
            scratch.path("key.pem"), "-out", scratch.path("certificate.pem"),
        ], errorOutput: .null)
    try #require(child.wait() == .exited(0))
}
