/// A key as it holds after decoding: what it is, and where that stands.
package struct Setting: Sendable, Equatable {
    /// What a key is.
    package indirect enum Value: Sendable, Equatable {
        case text(String)
        case integer(Int64)
        case number(Double)
        case boolean(Bool)
        case list([Value])
    }

    let path: [PathElement]
    /// What it is.
    package let value: Value
    /// Where that stands, as `file:line:column`; nil where the default holds.
    package let place: String?

    init(path: [PathElement], value: Value, position: SourcePosition?) {
        self.path = path
        self.value = value
        place = position?.description
    }

    /// The whole path, such as `watch.drop[0].path`.
    package var key: String { path.text }

    /// Where it is a member of an element of the array of tables `array`: the element's index and the member's name, or its path below the element.
    package func member(of array: String) -> (index: Int, name: String)? {
        guard let place = path.indices.dropLast().first(where: { path[$0].intValue != nil }),
            let index = path[place].intValue, Array(path[..<place]).text == array
        else { return nil }
        return (index, Array(path[(place + 1)...]).text)
    }
}

extension Setting.Value {
    /// Takes what was decoded, in the form that a file has it; nil for what is a table there.
    init?(_ decoded: Any) {
        switch decoded {
        case let text as String: self = .text(text)
        case let flag as Bool: self = .boolean(flag)
        case let number as Double: self = .number(number)
        case let integer as any FixedWidthInteger: self = .integer(Int64(clamping: integer))
        case let duration as Duration: self = .text("\(ConfiguredDuration(duration))")
        case let word as any RawRepresentable<String>: self = .text(word.rawValue)
        case let list as [Any]:
            var values: [Setting.Value] = []
            for element in list {
                guard let value = Setting.Value(element) else { return nil }
                values.append(value)
            }
            self = .list(values)
        case let described as any CustomStringConvertible: self = .text(described.description)
        default: return nil
        }
    }

    /// The value as TOML has it.
    package var toml: String {
        switch self {
        case .text(let text): tomlString(text)
        case .integer(let integer): "\(integer)"
        case .number(let number): "\(number)"
        case .boolean(let flag): "\(flag)"
        case .list(let values): "[\(values.map(\.toml).joined(separator: ", "))]"
        }
    }
}

/// Returns text as a TOML basic string.
package func tomlString(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": result += "\\\(scalar)"
        case _ where scalar.value < 0x20 || scalar.value == 0x7f:
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
