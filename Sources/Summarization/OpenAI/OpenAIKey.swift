import Glibc
import Linux

/// The key of an endpoint. It is shown nowhere: no description, no log, no error holds it.
package struct OpenAIKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// The key itself, for the request's header alone.
    let secret: String

    package var description: String { "(a key)" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }

    private static let longest = 4096

    /// Reads the key that a configuration names; nil where it names none.
    ///
    /// - Parameter credentials: the directory of the service manager's credentials, `$CREDENTIALS_DIRECTORY`.
    package static func read(
        _ configuration: OpenAIConfiguration,
        credentials: String? = getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) }
    ) throws(KeyProblem) -> OpenAIKey? {
        if !configuration.keyFile.isEmpty {
            return try OpenAIKey(path: configuration.keyFile, origin: "summarize.openai.key_file")
        }
        guard !configuration.credential.isEmpty else { return nil }
        guard let credentials else {
            throw KeyProblem(
                description: "summarize.openai.credential: there is no $CREDENTIALS_DIRECTORY: run as a service "
                    + "with LoadCredential=\(configuration.credential):PATH, or use key_file")
        }
        return try OpenAIKey(
            path: credentials + "/" + configuration.credential, origin: "summarize.openai.credential")
    }

    private init(path: String, origin: String) throws(KeyProblem) {
        let bytes: [UInt8]
        do {
            bytes = try FileDescriptor(path: path).readAll(expected: 256, limit: Self.longest)
        } catch {
            throw KeyProblem(description: "\(origin): \(error)")
        }
        let trimmed = bytes.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed()
        guard !trimmed.isEmpty else { throw KeyProblem(description: "\(origin): '\(path)' is empty") }
        guard trimmed.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw KeyProblem(description: "\(origin): '\(path)' holds more than a key of printable ASCII on one line")
        }
        secret = String(decoding: trimmed, as: UTF8.self)
    }

    /// Returns a text without the key in it: servers quote what they do not like.
    func removed(from text: String) -> String { text.replacing(secret, with: "…") }
}

/// Why a key cannot be read; without any of its characters.
package struct KeyProblem: Error, CustomStringConvertible {
    package let description: String
}
