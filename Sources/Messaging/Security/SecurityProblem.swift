import Linux

/// Why a key, or a list of keys, cannot be had or used; without any character of a secret key.
package struct SecurityProblem: Error, CustomStringConvertible, Equatable {
    package let description: String

    package init(description: String) { self.description = description }

    private static let longestList = 1 << 20

    /// Reads a list; `what` is its key in the section of the configuration.
    static func text(ofFile path: String, what: String) throws(SecurityProblem) -> String {
        let bytes: [UInt8]
        do {
            bytes = try FileDescriptor(path: path).readAll(expected: 4096, limit: longestList + 1)
        } catch {
            throw SecurityProblem(description: "security.\(what): \(error)")
        }
        guard bytes.count <= longestList else {
            throw SecurityProblem(description: "security.\(what): '\(path)' is larger than 1 MiB")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SecurityProblem(description: "security.\(what): '\(path)' is no UTF-8")
        }
        return text
    }
}
