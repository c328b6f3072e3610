package import Articles
import FoundationEssentials
import Glibc

/// The record schema of `Config/`, and a validator of just the keywords of JSON Schema 2020-12 that it uses.
///
/// A keyword that it does not know is an error of the schema: nothing in it can go unchecked in silence.
package struct RecordSchema: Sendable {
    /// Whether members that the schema does not declare are allowed.
    package enum Policy: Sendable {
        /// As the schema says: a reader ignores what it does not know.
        case open
        /// As our own writers must be: an object with declared properties has no others.
        case closed
    }

    /// What is wrong with the schema itself.
    package struct Unusable: Error, CustomStringConvertible {
        package let description: String
    }

    private let root: JSONValue
    private static let annotations: Set<String> = ["$schema", "$id", "$defs", "title", "description"]

    /// Takes a schema.
    package init(_ bytes: [UInt8]) throws { root = try JSONDecoder().decode(JSONValue.self, from: Data(bytes)) }

    /// Reads `Config/record.schema.json` of this repository.
    package static func ofRepository(file: StaticString = #filePath) throws -> RecordSchema {
        var folder = "\(file)".split(separator: "/", omittingEmptySubsequences: false).dropLast()
        while !folder.isEmpty {
            let path = folder.joined(separator: "/") + "/Config/record.schema.json"
            if let bytes = read(path) { return try RecordSchema(bytes) }
            folder = folder.dropLast()
        }
        throw Unusable(description: "Config/record.schema.json is not there")
    }

    /// Returns what is wrong with a record, one line a fault, each beginning with its place; nothing for a good one.
    package func faults(_ record: [UInt8], _ policy: Policy = .closed) throws -> [String] {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(record)) else { return ["/: not JSON"] }
        // By its type the record says which definition it means, which makes for better lines than `oneOf`.
        if let name = value["type"]?.stringValue, let definition = root["$defs"]?[name],
            definition["properties"]?["type"] != nil
        {
            return try check(value, definition, "", policy)
        }
        return try check(value, root, "", policy)
    }

    /// Returns what is wrong with `value` by a part of the schema.
    package func check(_ value: JSONValue, _ schema: JSONValue, _ place: String, _ policy: Policy) throws -> [String] {
        if schema == .boolean(true) { return [] }
        guard case .object(let keywords) = schema else { throw Unusable(description: "\(place): no schema") }
        var faults: [String] = []
        func fault(_ text: String) { faults.append("\(place.isEmpty ? "/" : place): \(text)") }
        for (keyword, argument) in keywords where !RecordSchema.annotations.contains(keyword) {
            switch keyword {
            case "$ref": faults += try check(value, target(argument), place, policy)
            case "oneOf":
                let fitting = try (argument.arrayValue ?? []).count { try check(value, $0, place, policy).isEmpty }
                if fitting != 1 { fault("fits \(fitting) of the alternatives") }
            case "type":
                if !RecordSchema.isOf(value, argument) { fault("is not of type \(argument.stringValue ?? "?")") }
            case "const": if value != argument { fault("is not the constant") }
            case "enum": if argument.arrayValue?.contains(value) != true { fault("is none of the values") }
            case "pattern":
                let pattern = try Regex(argument.stringValue ?? "(")
                if let text = value.stringValue, text.firstMatch(of: pattern) == nil {
                    fault("'\(text)' has another form")
                }
            case "minLength":
                if let text = value.stringValue, text.unicodeScalars.count < argument.integerValue ?? 0 {
                    fault("is too short")
                }
            case "minimum":
                if let number = value.doubleValue, number < argument.doubleValue ?? 0 { fault("is too small") }
            case "maximum":
                if let number = value.doubleValue, number > argument.doubleValue ?? 0 { fault("is too large") }
            case "minItems":
                if let items = value.arrayValue, items.count < argument.integerValue ?? 0 { fault("has too few items") }
            case "maxItems":
                let limit = argument.integerValue ?? 0
                if let items = value.arrayValue, items.count > limit { fault("has too many items") }
            case "items":
                for (index, item) in (value.arrayValue ?? []).enumerated() {
                    faults += try check(item, argument, "\(place)/\(index)", policy)
                }
            case "required":
                guard case .object(let members) = value else { break }
                for name in (argument.arrayValue ?? []).compactMap(\.stringValue) where members[name] == nil {
                    fault("'\(name)' is missing")
                }
            case "properties", "additionalProperties": break
            default: throw Unusable(description: "\(place): the keyword '\(keyword)' is not checked by the tests")
            }
        }
        return try faults + checkMembers(value, keywords, place, policy)
    }

    private func checkMembers(
        _ value: JSONValue, _ keywords: [String: JSONValue], _ place: String, _ policy: Policy
    ) throws -> [String] {
        guard case .object(let members) = value else { return [] }
        var faults: [String] = []
        for (name, member) in members {
            let inner = "\(place)/\(name)"
            if let schema = keywords["properties"]?[name] {
                faults += try check(member, schema, inner, policy)
            } else if let others = keywords["additionalProperties"] {
                if others == .boolean(false) {
                    faults.append("\(inner): is not declared")
                } else {
                    faults += try check(member, others, inner, policy)
                }
            } else if policy == .closed, keywords["properties"] != nil {
                faults.append("\(inner): is not declared")
            }
        }
        return faults
    }

    private func target(_ reference: JSONValue) throws -> JSONValue {
        guard let path = reference.stringValue, path.hasPrefix("#/$defs/"),
            let found = root["$defs"]?[String(path.dropFirst(8))]
        else { throw Unusable(description: "the reference \(reference) leads nowhere") }
        return found
    }

    private static func isOf(_ value: JSONValue, _ type: JSONValue) -> Bool {
        switch (type.stringValue, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("integer", .integer), ("number", .integer),
            ("number", .number), ("boolean", .boolean), ("null", .null):
            true
        default: false
        }
    }

    private static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }
}
