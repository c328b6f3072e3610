/// One value of a document with the place where it stands. A class, since the decoder tells nodes by identity.
final class Node: Sendable {
    enum Value: Sendable {
        case table([Entry])
        case array([Node])
        case string(String)
        case integer(Int64)
        case number(Double)
        case boolean(Bool)
        case date(String)
    }

    struct Entry: Sendable {
        let key: String
        let keyPosition: SourcePosition
        let node: Node
    }

    let position: SourcePosition
    let value: Value

    init(position: SourcePosition, value: Value) {
        self.position = position
        self.value = value
    }

    /// Returns the entry with `key` where this is a table that has it.
    func entry(_ key: String) -> Entry? {
        guard case .table(let entries) = value else { return nil }
        return entries.first { $0.key == key }
    }

    /// What stands here, as the second half of `expected a string, found …`.
    var found: String {
        switch value {
        case .table: "a table"
        case .array: "an array"
        case .string(let text): "the string \(quoted(text))"
        case .integer(let integer): "the integer \(integer)"
        case .number(let number): "the number \(number)"
        case .boolean(let flag): "the boolean \(flag)"
        case .date(let text): "the date \(text)"
        }
    }
}

/// A file, and a line and a column in it, both from 1; a column counts code points.
struct SourcePosition: Sendable, Hashable, CustomStringConvertible {
    let file: String
    let line: Int
    let column: Int

    /// `file:line:column`.
    var description: String { "\(file):\(line):\(column)" }
}

/// Returns `text` in quotes, on one line and of bounded length: it goes into messages.
func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars.prefix(80) {
        switch scalar {
        case "\"", "\\": result += "\\\(scalar)"
        case "\n": result += "\\n"
        case "\t": result += "\\t"
        case _ where scalar.value < 0x20 || scalar.value == 0x7f: result += "\\u{\(String(scalar.value, radix: 16))}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + (text.unicodeScalars.count > 80 ? "…\"" : "\"")
}
