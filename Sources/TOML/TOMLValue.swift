/// A value of a TOML text whose keys nobody knows beforehand. Dates are as they would be written.
package indirect enum TOMLValue: Sendable, Equatable {
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case date(String)
    case array([TOMLValue])
    /// The members of a table, sorted by their names.
    case table([Member])

    /// A member of a table.
    package struct Member: Sendable, Equatable {
        package var name: String
        package var value: TOMLValue

        /// Makes a member.
        package init(name: String, value: TOMLValue) {
            self.name = name
            self.value = value
        }
    }

    init(_ node: Node) {
        switch node.value {
        case .table(let entries): self = .table(entries.map { Member(name: $0.key, value: TOMLValue($0.node)) })
        case .array(let nodes): self = .array(nodes.map { TOMLValue($0) })
        case .string(let text): self = .string(text)
        case .integer(let integer): self = .integer(integer)
        case .number(let number): self = .number(number)
        case .boolean(let flag): self = .boolean(flag)
        case .date(let text): self = .date(text)
        }
    }
}

extension TOMLValue {
    /// Why bytes are no TOML text that is taken.
    package struct Fault: Error, Sendable, Equatable {
        /// Whether it is deeper than the limit, and not ill-formed.
        package var isLimit = false
        /// From 1.
        package var line: Int
        package var message: String
    }

    /// Returns the table that a text is which comes from outside, in UTF-8.
    ///
    /// - Parameter depth: how many names a dotted key may have: toml++ makes a table of each, one in the other.
    package static func read(_ bytes: [UInt8], depth: Int = 16) throws(Fault) -> TOMLValue {
        if let line = DottedKeys.line(in: bytes, deeperThan: depth) {
            throw Fault(isLimit: true, line: line, message: "a key has more than \(depth) names")
        }
        do throws(TOMLError) {
            return TOMLValue(try TOMLDocument(bytes: bytes, name: "").root)
        } catch {
            let problem = error.problems.first
            throw Fault(line: problem?.line ?? 1, message: problem?.message ?? "it cannot be read")
        }
    }
}
