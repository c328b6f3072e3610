import Articles
import Formats
import Hashing
import Testing

@testable import Ingestion

/// What stands in checksum files.
@Suite struct ChecksumFileTests {
    private static let sha = String(repeating: "0123456789abcdef", count: 4)
    private static let md5 = String(repeating: "0123456789abcdef", count: 2)
    private static let other = String(repeating: "f", count: 64)

    private func read(_ text: String, _ algorithm: ChecksumFile.Algorithm = .sha256) throws(ParseError) -> String {
        let file = try ChecksumFile(Array(text.utf8), algorithm, path: "a.txt.sum", for: Array("a.txt".utf8)[...])
        return Hexadecimal.encode(file.digest)
    }

    @Test(arguments: [
        "\(sha)  a.txt\n", "\(sha) *a.txt\n", "\(sha)\n", sha, sha.uppercased(), "\(sha)  a.txt\r\n",
        "\u{feff}\(sha)  a.txt",
        "\n\n  \(sha)\ta.txt\n\n", "# made by us\n\(sha)  a.txt\n", "SHA256 (a.txt) = \(sha)\n",
        "SHA256(a.txt)= \(sha)\r\n",
        "\(sha)  /tmp/build/a.txt\n", "\(sha)  was.another.name\n", "\\\(sha)  a\\\\b.txt\n",
        "SHA256 (a (1).txt) = \(sha)",
        "\(other)  b.txt\n\(sha)  a.txt\n", "\(other)  aa.txt\n\(sha)  ./a.txt\n\(other)  a.txt.gz\n",
        "SHA256 (b.txt) = \(other)\nSHA256 (a.txt) = \(sha)\n", "\(sha)  a.txt\n\(sha)  a.txt\n",
    ]) func `a checksum is found in every form that tools write`(text: String) throws {
        #expect(try read(text) == Self.sha)
    }

    @Test func `an MD5 file is read likewise`() throws {
        #expect(try read("\(Self.md5)  a.txt\n", .md5) == Self.md5)
        #expect(try read("MD5 (a.txt) = \(Self.md5)\n", .md5) == Self.md5)
    }

    @Test(arguments: [
        ("", "is empty", nil, true), ("\n# nothing\n", "is empty", nil, true),
        ("\(md5)  a.txt\n", "has 32 hexadecimal digits, SHA-256 has 64", 1, false),
        (String(sha.dropLast()), "has 63 hexadecimal digits, SHA-256 has 64", 1, true),
        ("\(sha)0  a.txt", "has 65 hexadecimal digits", 1, false),
        ("\nhello\n", "is no checksum of the kind SHA-256", 2, false),
        ("MD5 (a.txt) = \(md5)\n", "is no checksum", 1, false), ("SHA256 (a.t", "is no checksum", 1, true),
        ("\(sha)  b.txt\n\(other)  c.txt\n", "has no line for 'a.txt'", nil, false),
        ("\(sha)  b.txt\n\(other)  c.tx", "has no line for 'a.txt'", nil, true),
        ("\(sha)  a.txt\n\(other)  a.txt\n", "says another checksum than its line 1", 2, false),
    ]) func `what is no checksum file is told with its place`(
        text: String, part: String, line: Int?, isCut: Bool
    ) {
        let error = #expect(throws: ParseError.self) { try read(text) }
        #expect(error?.code == .badChecksumFile)
        #expect(error?.position == line.map { .line($0) })
        #expect(error?.message.contains("'a.txt.sum' \(part)") == true, "\(error?.message ?? "")")
        #expect(error?.looksTruncated == isCut)
        #expect(error?.hint?.contains("sha256sum") == true)
    }

    @Test func `a file that is much too large is refused unread`() {
        let bytes = [UInt8](repeating: UInt8(ascii: "0"), count: ChecksumFile.maximumBytes + 1)
        let error = #expect(throws: ParseError.self) {
            try ChecksumFile(bytes, .sha256, path: "x", for: Array("a".utf8)[...])
        }
        #expect(error?.message == "'x' has more than 1048576 bytes")
    }
}
