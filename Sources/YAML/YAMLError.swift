/// Why bytes are no YAML text that is taken.
package struct YAMLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Why a text is not taken.
    package enum Cause: Sendable, Equatable {
        /// It is no YAML.
        case syntax
        /// It is deeper or larger than the limits.
        case limit
    }

    package var cause: Cause
    /// The line, from 1.
    package var line: Int
    /// What is wrong, as libyaml says it where it is a matter of syntax.
    package var message: String

    /// The error as `line 3: the message`.
    package var description: String { "line \(line): \(message)" }
}
