import Glibc

/// A secret text, such as a key. It is shown nowhere: no description, no log, no error holds it.
package struct Secret: Sendable, CustomStringConvertible, CustomReflectable {
    /// The text itself, for what needs it alone.
    package let text: String

    package var description: String { "(hidden)" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }

    private static let longest = 4096

    /// Reads the secret that a configuration names; nil where it names none.
    ///
    /// - Parameters:
    ///   - file: the path of the file whose content it is; empty for none.
    ///   - credential: the name of a credential of the service manager (`LoadCredential=`); empty for none.
    ///   - section: where both stand in the configuration, for errors.
    ///   - credentials: the directory of the service manager's credentials, `$CREDENTIALS_DIRECTORY`.
    package static func read(
        file: String, credential: String, section: String,
        credentials: String? = getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) }
    ) throws(SecretProblem) -> Secret? {
        if !file.isEmpty { return try Secret(path: file, origin: "\(section).key_file") }
        guard !credential.isEmpty else { return nil }
        guard let credentials else {
            throw SecretProblem(
                description: "\(section).credential: there is no $CREDENTIALS_DIRECTORY: run as a service with "
                    + "LoadCredential=\(credential):PATH, or use key_file")
        }
        return try Secret(path: credentials + "/" + credential, origin: "\(section).credential")
    }

    private init(path: String, origin: String) throws(SecretProblem) {
        let bytes: [UInt8]
        do {
            bytes = try FileDescriptor(path: path).readAll(expected: 256, limit: Self.longest)
        } catch {
            throw SecretProblem(description: "\(origin): \(error)")
        }
        let trimmed = bytes.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed()
        guard !trimmed.isEmpty else { throw SecretProblem(description: "\(origin): '\(path)' is empty") }
        guard trimmed.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw SecretProblem(
                description: "\(origin): '\(path)' holds more than a key of printable ASCII on one line")
        }
        text = String(decoding: trimmed, as: UTF8.self)
    }

    /// What keeps a text of a configuration from being the path of a file with a secret; nil where nothing does.
    package static func problem(ofFile path: String) -> String? {
        path.isEmpty || path.hasPrefix("/") ? nil : "must be an absolute path"
    }

    /// What keeps a text of a configuration from being the name of a credential; nil where nothing does.
    package static func problem(ofCredential name: String) -> String? {
        name.utf8.contains(UInt8(ascii: "/")) ? "must be a name, without '/'" : nil
    }

    /// Returns a text without the secret in it: servers quote what they do not like.
    package func removed(from text: String) -> String { text.replacing(self.text, with: "…") }
}

/// Why a secret cannot be read or used; without any of its characters.
package struct SecretProblem: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}
