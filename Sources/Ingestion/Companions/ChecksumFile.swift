import Articles
import Formats
import Hashing

/// What stands in `name.sha256` or `name.md5`: the digest that the file's content must have.
///
/// It takes what `sha256sum` and `md5sum` write (`digest  name`, `digest *name`), their `--tag` form and that of BSD
/// and OpenSSL (`SHA256 (name) = digest`), and a digest alone; any line ends; digits in either case; lines that begin with
/// `#` are comments.
struct ChecksumFile: Equatable {
    /// A kind of checksum.
    enum Algorithm: String, Sendable, CaseIterable {
        case sha256, md5

        /// The name as people write it.
        var title: String { self == .sha256 ? "SHA-256" : "MD5" }
        /// The number of hexadecimal digits.
        var digits: Int { self == .sha256 ? 64 : 32 }
        /// The tag before a name in brackets.
        fileprivate var tag: String { self == .sha256 ? "SHA256" : "MD5" }
    }

    /// More is no checksum file.
    static let maximumBytes = 1 << 20

    let algorithm: Algorithm
    /// The digest, as bytes.
    let digest: [UInt8]

    /// Reads a checksum file.
    ///
    /// - Parameters:
    ///   - path: the checksum file's, for the error.
    ///   - name: the name of the file that it is for. Where there are several lines, the one that names it counts; a line
    ///     alone counts whatever it names, as files are renamed.
    /// - Throws: ``ParseError`` with `bad_checksum_file`.
    init(_ bytes: [UInt8], _ algorithm: Algorithm, path: String, for name: ArraySlice<UInt8>) throws(ParseError) {
        self.algorithm = algorithm
        func problem(_ line: Int?, _ message: String, isCut: Bool = false) -> ParseError {
            ParseError(
                code: .badChecksumFile, format: algorithm.rawValue, position: line.map { .line($0) },
                message: "'\(path)' \(message)",
                hint: "write it with \(algorithm.rawValue)sum, then drop both again", looksTruncated: isCut)
        }
        guard bytes.count <= ChecksumFile.maximumBytes else {
            throw problem(nil, "has more than \(ChecksumFile.maximumBytes) bytes")
        }
        var found: [(line: Int, entry: Entry)] = []
        var number = 0
        for line in bytes.dropFirst(bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0).split(
            separator: 0x0a, omittingEmptySubsequences: false)
        {
            number += 1
            let text = line.trimmed
            guard let first = text.first, first != UInt8(ascii: "#") else { continue }
            let isLast = line.endIndex == bytes.endIndex
            guard let entry = Entry(text, algorithm) else {
                throw problem(number, "is no checksum of the kind \(algorithm.title)", isCut: isLast)
            }
            guard entry.digits.count == algorithm.digits else {
                throw problem(
                    number,
                    "has \(entry.digits.count) hexadecimal digits, \(algorithm.title) has \(algorithm.digits)",
                    isCut: isLast && entry.digits.count < algorithm.digits)
            }
            found.append((number, entry))
        }
        guard let only = found.first else { throw problem(nil, "is empty", isCut: true) }
        let named = found.filter { $0.entry.names(name) }
        guard let chosen = found.count == 1 ? only : named.first else {
            throw problem(nil, "has no line for '\(String(decoding: name, as: UTF8.self))'", isCut: bytes.last != 0x0a)
        }
        if let other = named.first(where: { $0.entry.digits.lowercased() != chosen.entry.digits.lowercased() }) {
            throw problem(other.line, "says another checksum than its line \(chosen.line)")
        }
        digest = Hexadecimal.decode(chosen.entry.digits)!
    }

    /// A line.
    private struct Entry {
        let digits: String
        /// The file's name; empty where the line has none.
        let name: ArraySlice<UInt8>

        init?(_ line: ArraySlice<UInt8>, _ algorithm: Algorithm) {
            // A name with line ends or backslashes is escaped, which a backslash in front says.
            let text = line.first == UInt8(ascii: "\\") ? line.dropFirst() : line
            if let tagged = Entry.tagged(text, algorithm) {
                (digits, name) = tagged
                return
            }
            let digits = text.prefix { $0.isHexadecimal }
            let rest = text[digits.endIndex...]
            guard !digits.isEmpty, rest.first.map({ $0 == 0x20 || $0 == 0x09 }) ?? true else { return nil }
            self.digits = String(decoding: digits, as: UTF8.self)
            let name = rest.trimmed
            self.name = name.first == UInt8(ascii: "*") ? name.dropFirst() : name
        }

        /// `SHA256 (name) = digest`, `SHA256(name)= digest`.
        private static func tagged(
            _ text: ArraySlice<UInt8>, _ algorithm: Algorithm
        ) -> (String, ArraySlice<UInt8>)? {
            let tag = Array(algorithm.tag.utf8)
            guard text.starts(with: tag) else { return nil }
            let rest = text.dropFirst(tag.count).trimmed
            guard rest.first == UInt8(ascii: "("), let end = rest.lastIndex(of: UInt8(ascii: ")")) else { return nil }
            let value = rest[(end + 1)...].trimmed
            guard value.first == UInt8(ascii: "=") else { return nil }
            let digits = value.dropFirst().trimmed
            guard digits.allSatisfy(\.isHexadecimal) else { return nil }
            return (String(decoding: digits, as: UTF8.self), rest[rest.index(after: rest.startIndex)..<end])
        }

        /// The line names a file, wherever it lies.
        func names(_ file: ArraySlice<UInt8>) -> Bool {
            let start = name.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? name.startIndex
            return name[start...].elementsEqual(file)
        }
    }
}

extension UInt8 {
    fileprivate var isHexadecimal: Bool { (0x30...0x39).contains(self) || (0x61...0x66).contains(self | 0x20) }
}

extension ArraySlice<UInt8> {
    /// Without space at both ends.
    fileprivate var trimmed: ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
        let start = drop(while: isSpace)
        return start.prefix(upTo: (start.lastIndex { !isSpace($0) } ?? start.startIndex - 1) + 1)
    }
}
