/// What stands on the command line after the command's name.
struct ParsedArguments {
    /// What is not an option, in order.
    let operands: [String]
    private let values: [String: [String]]

    /// Reads arguments; nil where help is asked for.
    ///
    /// `--name VALUE` and `--name=VALUE` are the same; after `--` everything is an operand.
    init?(_ arguments: [String], of command: Command) throws(UsageError) {
        var operands: [String] = []
        var values: [String: [String]] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                operands += rest
                break
            }
            guard argument.hasPrefix("-"), argument != "-" else {
                operands.append(argument)
                continue
            }
            if argument == "--help" || argument == "-h" { return nil }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let option = command.options.first(where: { $0.name == parts[0] }) else {
                let known = command.options.map(\.name)
                throw UsageError("there is no option '\(parts[0])'\(Suggestion.text(for: parts[0], among: known))")
            }
            guard let expected = option.value else {
                guard parts.count == 1 else { throw UsageError("the option \(option.name) takes no value") }
                values[option.name, default: []].append("")
                continue
            }
            guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
                throw UsageError("the option \(option.name) needs its \(expected.name)")
            }
            values[option.name, default: []].append(value)
        }
        guard operands.isEmpty || command.usage != nil else {
            throw UsageError("'\(operands[0])' is one argument too many")
        }
        self.operands = operands
        self.values = values
    }

    /// A flag was given.
    func has(_ name: String) -> Bool { values[name] != nil }

    /// The value of an option, the last where it was given several times.
    func value(_ name: String) -> String? { values[name]?.last }

    /// All values of an option.
    func all(_ name: String) -> [String] { values[name] ?? [] }

    /// The value of an option as a whole number within a range.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw UsageError("\(name) is a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
        }
        return number
    }
}

/// The command line is not as the help says.
struct UsageError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
