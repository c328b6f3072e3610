import Articles
import Formats
import Glibc
import Hashing
import Linux
import TimeZones

/// What the sidecars of a file say.
struct Sidecars {
    /// What came of reading them, or of comparing the file with them.
    enum Failure: Error {
        /// One of them, or the file, is another one than was looked at.
        case changed
        /// What they say cannot be, or is not so of the file.
        case failed(ParseError)
    }

    private(set) var checksums: [(file: ChecksumFile, path: RelativePath)] = []
    private(set) var metadata: ArticleMetadata?
    /// The digest of the metadata: the same article with other metadata is another one.
    private(set) var metadataDigest: [UInt8]?

    /// Reads the sidecars of the file at `path`.
    ///
    /// - Throws: ``Failure``, or `SystemError` where the system has no access to them.
    init(_ companions: [Companion], of path: RelativePath, in root: Directory, timeZone: Zone) throws {
        for companion in companions {
            switch companion.kind {
            case .checksum(let algorithm):
                let bytes = try Sidecars.read(companion, root, limit: ChecksumFile.maximumBytes)
                do throws(ParseError) {
                    checksums.append(
                        (
                            try ChecksumFile(bytes, algorithm, path: companion.path.description, for: path.name),
                            companion.path
                        ))
                } catch {
                    throw Failure.failed(error)
                }
            case .metadata:
                let bytes = try Sidecars.read(companion, root, limit: ArticleMetadata.maximumBytes)
                do throws(ParseError) {
                    metadata = try ArticleMetadata(bytes, path: companion.path.description, timeZone: timeZone)
                } catch {
                    throw Failure.failed(error)
                }
                metadataDigest = SHA256.hash(bytes)
            case .marker, .attached: break
            }
        }
    }

    /// Reads a sidecar whole; one that is too large, as far as shows it.
    private static func read(_ companion: Companion, _ root: Directory, limit: Int) throws -> [UInt8] {
        let file = try open(companion.path, root)
        let before = try file.status()
        let bytes = try file.readAll(expected: min(Int(companion.identity.size), limit) + 1, limit: limit + 1)
        let after = try file.status()
        guard FileIdentity(before) == companion.identity, after == before,
            bytes.count > limit || bytes.count == Int(before.size)
        else { throw Failure.changed }
        return bytes
    }

    private static func open(_ path: RelativePath, _ root: Directory) throws -> FileDescriptor {
        do {
            return try root.open(path)
        } catch  where error.isOfNothing {
            throw Failure.changed
        }
    }

    /// The MD5 of the content is asked for.
    var needsMD5: Bool { checksums.contains { $0.file.algorithm == .md5 } }

    /// Compares a file that was read with its checksums.
    ///
    /// - Parameter md5: where it is asked for, and to be had on this machine.
    /// - Throws: the first difference.
    func verify(sha256: [UInt8], md5: [UInt8]?) throws(ParseError) {
        let digests = [ChecksumFile.Algorithm.sha256: sha256, .md5: md5].compactMapValues { $0 }
        for (file, place) in checksums {
            guard let digest = digests[file.algorithm] else {
                throw ParseError(
                    code: .badChecksumFile, format: file.algorithm.rawValue,
                    message: "\(file.algorithm.title) is not to be had on this machine, and '\(place)' needs it",
                    hint: "let producers write SHA-256, or set checksums = \"ignore\"")
            }
            guard digest != file.digest else { continue }
            throw ParseError(
                code: .checksumMismatch, format: "-",
                message: "the content has the \(file.algorithm.title) \(Hexadecimal.encode(digest)), "
                    + "'\(place)' says \(Hexadecimal.encode(file.digest))",
                hint: "drop the file and its checksum again")
        }
    }

    /// What tells the articles of a content again, where that is more than the content; nil where it is not.
    func contentKey(of sha256: [UInt8]) -> [UInt8]? { metadataDigest.map { SHA256.hash(sha256 + $0) } }
}
