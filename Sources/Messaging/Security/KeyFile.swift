import Glibc
import Linux
package import ZeroMQ

/// The file of a secret key: one line that nobody but its owner may read.
package enum KeyFile {
    /// Reads the pair whose secret half the configuration names; nil where it names none.
    ///
    /// - Parameters:
    ///   - file: the path of the file; empty for none.
    ///   - credential: the name of a credential of the service manager; empty for none.
    package static func read(file: String, credential: String = "") throws(SecurityProblem) -> CurveKeyPair? {
        if !file.isEmpty { try checkMode(file) }
        let secret: Secret?
        do throws(SecretProblem) {
            secret = try Secret.read(file: file, credential: credential, section: "security")
        } catch {
            throw SecurityProblem(description: error.description)
        }
        guard let secret else { return nil }
        guard let pair = CurveKeyPair(secretKey: secret.text) else {
            let name = file.isEmpty ? "the credential '\(credential)'" : "'\(file)'"
            throw SecurityProblem(
                description: "\(name) is no secret key: it is one line of 40 characters, as `dropwire keygen` writes it"
            )
        }
        return pair
    }

    /// Writes a secret key to a file that is not there yet, readable for its owner only.
    package static func write(_ pair: CurveKeyPair, to path: String) throws(SecurityProblem) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST {
                throw SecurityProblem(
                    description: "'\(path)' is there already, and a key is never written over: remove it, or name "
                        + "another file")
            }
            throw SecurityProblem(description: "\(SystemError(operation: "make '\(path)'"))")
        }
        let bytes = Array((pair.secretKey + "\n").utf8)
        let written = Glibc.write(descriptor, bytes, bytes.count)
        let isWhole = written == bytes.count && fsync(descriptor) == 0
        let error = SystemError(operation: "write '\(path)'")
        close(descriptor)
        guard isWhole else {
            unlink(path)
            throw SecurityProblem(description: "\(error)")
        }
    }

    private static func checkMode(_ path: String) throws(SecurityProblem) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw SecurityProblem(description: "security.key_file: \(SystemError(operation: "look at '\(path)'"))")
        }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw SecurityProblem(
                description: "security.key_file: others than its owner may read '\(path)' (mode \(mode)): "
                    + "chmod 600 it, and take a new key if somebody has read it")
        }
    }
}
