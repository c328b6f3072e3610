/// A value that has the right type and yet cannot be used; thrown from `init(from:)`, it gets the position of its key.
package struct ConfigurationProblem: Error, Sendable {
    /// The key of the table that is being decoded; nil for the whole value that is being decoded.
    package let key: String?
    /// What is wrong: what is expected, and what is there.
    package let message: String

    package init(key: (any CodingKey)? = nil, message: String) {
        self.key = key?.stringValue
        self.message = message
    }
}
