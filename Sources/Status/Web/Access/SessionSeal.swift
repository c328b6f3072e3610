import Glibc
import Hashing
import HTTP
import Linux

/// Makes and reads the cookies of browsers that have signed in. Nothing is kept of a session: its cookie says whose token
/// it stands for and until when, under a seal.
///
/// The seal is made by a secret of this service together with the token's digest: so a session ends with its token, and
/// neither who reads the list of tokens nor who has a token can make one for others. The secret lies beside the store, so
/// that a restart signs nobody out.
struct SessionSeal: Sendable {
    private let secret: [UInt8]

    /// How long a browser stays signed in.
    static let lifetime = Duration.seconds(7 * 86_400)
    private static let secretLength = 32

    /// Takes a secret.
    init(secret: [UInt8]) { self.secret = secret }

    /// Reads the secret from a file, which is made where it is not there.
    init(path: String) throws {
        if let known = try SessionSeal.read(path) {
            secret = known
            return
        }
        // One that was cut short by a full disk is none: all sign in anew.
        unlink(path)
        var generator = SystemRandomNumberGenerator()
        secret = (0..<SessionSeal.secretLength).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemError(operation: "make '\(path)'") }
        defer { close(descriptor) }
        guard write(descriptor, secret, secret.count) == secret.count, fsync(descriptor) == 0 else {
            throw SystemError(operation: "write '\(path)'")
        }
    }

    private static func read(_ path: String) throws -> [UInt8]? {
        do throws(SystemError) {
            let bytes = try FileDescriptor(path: path).readAll(expected: secretLength, limit: 100)
            return bytes.count == secretLength ? bytes : nil
        } catch {
            guard error.code == ENOENT else { throw error }
            return nil
        }
    }

    /// Makes the value of a cookie for a token.
    func session(of entry: TokenList.Entry, at seconds: Int64) -> String {
        let end = seconds + SessionSeal.lifetime.components.seconds
        return "\(end).\(entry.name).\(seal(end, entry))"
    }

    /// Returns the token that a cookie's value stands for; nil where it is none of ours, or over, or its token is gone.
    func entry(of session: String, in list: TokenList, at seconds: Int64) -> TokenList.Entry? {
        // The name may have points of its own.
        guard session.utf8.count <= 200, let first = session.firstIndex(of: "."), let last = session.lastIndex(of: "."),
            first < last, let end = Int64(session[..<first]), seconds < end,
            let entry = list.entry(named: String(session[session.index(after: first)..<last]))
        else { return nil }
        let stated = String(session[session.index(after: last)...])
        return ConstantTime.equal(stated, seal(end, entry)) ? entry : nil
    }

    private func seal(_ end: Int64, _ entry: TokenList.Entry) -> String {
        let message = entry.digest + Array("\(end) \(entry.name)".utf8)
        return Hexadecimal.encode(HMAC.sha256(message, key: secret))
    }
}
