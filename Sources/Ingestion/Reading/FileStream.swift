import Articles
import Formats
import Glibc
import Hashing
import Linux
import TOML

/// One file that is read piece by piece, with constant memory: first it is hashed whole, then its parts are read. It is
/// used on the reader's thread, one step at a time, and between two steps by whoever has it in hand.
final class FileStream {
    /// What came of a step.
    enum Step {
        /// It goes on.
        case going
        /// It is hashed and unchanged; ``begin(_:)`` says from which part on it is read.
        case hashed([UInt8])
        /// Parts were read, and the file is unchanged.
        case piece(FileContent)
        /// It is another file than was looked at, or changed meanwhile.
        case changed
        case gone
        /// It cannot be read for now; the trouble says whom that concerns.
        case trouble(Trouble)
        /// It cannot be read as what it looks like, not even its first part.
        case failed(ParseError)
    }

    /// From where on its parts are read.
    struct Start {
        /// The last part that is committed.
        var partsDone = 0
        /// The parts up to there that failed.
        var failed = 0
        var selection = PartSelection.all
    }

    private enum Phase {
        case opening, hashing, waiting, reading, ended
        /// Its metadata changed while its content may not have: it is hashed again before the piece is given out.
        case verifying(FileContent)
    }

    /// Bytes that are hashed in one step.
    private static let hashedBytes = 32 << 20

    private let next: DropDirectory.Next
    private var sidecars: Sidecars?
    private var md5: MD5Digest?
    let received = Timestamp(milliseconds: Clocks.wallMilliseconds())
    private let reader: FileReader
    private var phase = Phase.opening
    private var bytes: FileBytes?
    private var changed: Int64 = 0
    private var digest = SHA256()
    private var hashed = 0
    private var sha256: [UInt8] = []
    private var parts: (any PartReader)?
    private var start = Start()
    private var lastPart = 0
    private var failed = 0

    init(_ claim: Claim) {
        reader = claim.reader
        next = claim.next
    }

    /// It holds an open file.
    var isOpen: Bool { bytes != nil }

    /// Begins to read parts; the file is hashed.
    func begin(_ start: Start) {
        self.start = start
        failed = start.failed
        phase = .reading
    }

    /// What tells its articles again, where that is more than the content.
    var contentKey: [UInt8]? { sidecars?.contentKey(of: sha256) }

    /// Takes a step: a bounded amount of work.
    ///
    /// - Parameter limit: how many parts it reads.
    func step(upTo limit: FileContent.Limit) -> Step {
        do {
            switch phase {
            case .opening: return try open()
            case .hashing: return try hash()
            case .reading: return try readPiece(upTo: limit)
            case .verifying(let piece): return try verify(piece)
            case .waiting, .ended: return .going
            }
        } catch let error as ParseError {
            return .failed(error)
        } catch let error as SystemError {
            return error.isOfNothing ? .gone : .trouble(Trouble(error, during: .read))
        } catch Sidecars.Failure.changed {
            return .changed
        } catch {
            preconditionFailure("a source of bytes threw what is neither the file's nor the system's: \(error)")
        }
    }

    private func open() throws -> Step {
        sidecars = try reader.sidecars(of: next)
        if sidecars?.needsMD5 == true { md5 = MD5Digest() }
        let file = try reader.openFile(next.path)
        let status = try file.status()
        guard status.kind == .regular, isSame(status) else { return .changed }
        changed = status.changed
        bytes = FileBytes(file, size: Int(status.size))
        phase = .hashing
        return .going
    }

    private func hash() throws -> Step {
        guard try hashSome() else { return .going }
        guard let status = try bytes?.status(), isSame(status), status.changed == changed else { return .changed }
        sha256 = digest.finish()
        try sidecars?.verify(sha256: sha256, md5: md5?.finish())
        md5 = nil
        phase = .waiting
        return .hashed(sha256)
    }

    /// Hashes a bounded number of bytes; returns whether all are hashed.
    private func hashSome() throws -> Bool {
        guard let bytes else { return true }
        let end = hashed + FileStream.hashedBytes
        while hashed < end {
            let piece = try bytes.read(upTo: 1 << 20, at: hashed)
            if piece.isEmpty { return true }
            digest.update(piece)
            md5?.update(piece)
            hashed += piece.count
        }
        return hashed == bytes.size
    }

    private func readPiece(upTo limit: FileContent.Limit) throws -> Step {
        guard let bytes else { return .changed }
        let parts = try parts ?? reader.open(bytes, next.path, sidecars, sha256: sha256, received: received)
        self.parts = parts
        var piece = FileContent()
        piece.lastPart = lastPart
        try piece.fill(
            from: parts, upTo: limit, topicSource: reader.configuration.topic,
            maximumFailures: reader.configuration.maximumFailedParts - failed,
            wants: { [start] in $0 > start.partsDone && start.selection.takes($0) })
        lastPart = piece.lastPart
        failed += piece.failed.count
        phase = piece.isLast ? .ended : .reading
        return try check(piece)
    }

    /// Gives a piece out where the file is still the one that was hashed.
    private func check(_ piece: FileContent) throws -> Step {
        guard let status = try bytes?.status(), isSame(status) else { return .changed }
        if status.changed == changed { return .piece(piece) }
        changed = status.changed
        digest = SHA256()
        hashed = 0
        phase = .verifying(piece)
        return .going
    }

    private func verify(_ piece: FileContent) throws -> Step {
        guard try hashSome() else { return .going }
        guard digest.finish() == sha256 else { return .changed }
        phase = piece.isLast ? .ended : .reading
        return try check(piece)
    }

    private func isSame(_ status: FileStatus) -> Bool { FileIdentity(status) == next.identity }
}

/// An MD5 that is being computed, where the system has it.
private final class MD5Digest {
    private var digest: MD5?

    init() { digest = MD5() }

    func update(_ bytes: [UInt8]) { digest?.update(bytes) }

    /// Returns the digest; nil where the system has none. Call it once.
    func finish() -> [UInt8]? { digest.take()?.finish() }
}
