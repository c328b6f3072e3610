import Articles
import JSON

extension JSONValue {
    /// Takes a parsed value; nil where it is nested too deep.
    init?(_ element: JSONElement, depth: Int) {
        guard depth > 0 else { return nil }
        switch element.kind {
        case .null: self = .null
        case .boolean: self = .boolean(element.boolean ?? false)
        case .integer: self = element.integer.map { .integer($0) } ?? .number(element.number ?? 0)
        case .number: self = .number(element.number ?? 0)
        case .string: self = .string(element.text ?? "")
        case .array:
            var values: [JSONValue] = []
            for element in element.elements {
                guard let value = JSONValue(element, depth: depth - 1) else { return nil }
                values.append(value)
            }
            self = .array(values)
        case .object:
            var members: [String: JSONValue] = [:]
            for (name, element) in JSONObject(element)?.rest ?? [] {
                guard let value = JSONValue(element, depth: depth - 1) else { return nil }
                members[name] = value
            }
            self = .object(members)
        }
    }
}
