/// A value of a YAML text, by the core schema of YAML 1.2.
///
/// Dates are strings. A number is one only where it is written as a number is printed: `1.10` and `007` are strings, so
/// that nothing of what somebody wrote is lost.
package indirect enum YAMLValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case sequence([YAMLValue])
    /// The members of a mapping in their order, each name once.
    case mapping([Member])

    /// A member of a mapping.
    package struct Member: Sendable, Equatable {
        package var name: String
        package var value: YAMLValue

        /// Makes a member.
        package init(name: String, value: YAMLValue) {
            self.name = name
            self.value = value
        }
    }

    /// Takes a scalar that is written without quotes.
    init(plain text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .boolean(true)
        case "false", "False", "FALSE": self = .boolean(false)
        default:
            if let integer = Int64(text), "\(integer)" == text {
                self = .integer(integer)
            } else if let number = Double(text), number.isFinite, "\(number)" == text {
                self = .number(number)
            } else {
                self = .string(text)
            }
        }
    }
}
