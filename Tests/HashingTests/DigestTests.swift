import Hashing
import Testing

/// Digests against the values that their specifications give.
@Suite struct DigestTests {
    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
        (
            "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
            "57edf4a22be3c955ac49da2e2107b67a"
        ),
    ]) func `MD5 is that of RFC 1321, in one piece and in many`(text: String, digest: String) {
        guard var whole = MD5(), var pieces = MD5() else {
            Issue.record("OpenSSL gives no MD5 here")
            return
        }
        whole.update(Array(text.utf8))
        #expect(Hexadecimal.encode(whole.finish()) == digest)
        for byte in text.utf8 { pieces.update([byte]) }
        #expect(Hexadecimal.encode(pieces.finish()) == digest)
    }

    @Test func `SHA-256 is that of FIPS 180-4`() {
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(Hexadecimal.encode(SHA256.hash(Array("abc".utf8))) == digest)
    }
}
