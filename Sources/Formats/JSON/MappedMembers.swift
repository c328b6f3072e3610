import Articles
import JSON

/// The members of an object by the fields of an article that a ``FieldMapping`` says they are.
struct MappedMembers {
    /// A member that may be a field, or have it somewhere in it.
    private struct Candidate {
        var field: FieldMapping.Field
        /// The way's rank and its number in the mapping.
        var rank: Int
        var way: Int
        var place: Int
    }

    private var object: JSONObject
    private let ways: [FieldMapping.Way]
    /// What is there of what the mapping names; what is to be tried first stands first.
    private var candidates: [Candidate] = []
    private(set) var warnings: [String] = []

    /// Takes an object.
    ///
    /// - Parameter left: fields that are not looked for.
    init(_ object: JSONObject, _ mapping: FieldMapping, leaving left: Set<FieldMapping.Field> = []) {
        self.object = object
        ways = mapping.ways
        object.forEachName { place, name in
            for way in mapping.places(of: name) where !left.contains(ways[way].field) {
                candidates.append(Candidate(field: ways[way].field, rank: ways[way].rank, way: way, place: place))
            }
        }
        candidates.sort { $0.rank < $1.rank }
    }

    /// Notes that a field's member is not what it should be.
    mutating func warn(_ field: FieldMapping.Field) {
        let warning = "field_invalid:\(field.rawValue)"
        if !warnings.contains(warning) { warnings.append(warning) }
    }

    /// What nobody took, as values of a record, up to a bound.
    func rest() -> [String: JSONValue] {
        var rest: [String: JSONValue] = [:]
        for (name, value) in object.rest where !name.isEmpty && rest.count < 200 {
            if let value = JSONValue(value, depth: 16) { rest[name] = value }
        }
        return rest
    }

    // MARK: Taking

    /// Takes the first member of a field that has something fit in it.
    private mutating func first<Value>(_ field: FieldMapping.Field, _ read: (JSONElement) -> Value?) -> Value? {
        for candidate in candidates where candidate.field == field {
            let rest = ways[candidate.way].rest
            guard let member = object.value(at: candidate.place), let found = follow(rest[...], from: member),
                let value = read(found)
            else { continue }
            // What is of no use stays, and goes to `ext`.
            if rest.isEmpty { object.take(at: candidate.place) }
            return value
        }
        return nil
    }

    private func follow(_ path: ArraySlice<String>, from element: JSONElement) -> JSONElement? {
        guard let name = path.first else { return element }
        let next: JSONElement?
        if element.kind == .array {
            let elements = element.elements
            next = Int(name).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
        } else {
            var object = JSONObject(element)
            next = object?.take(ignoringCase: name)
        }
        return next.flatMap { follow(path.dropFirst(), from: $0) }
    }

    /// Takes a text, a number as its text, or the name of an object.
    mutating func text(_ field: FieldMapping.Field) -> String? { first(field) { MappedMembers.text(of: $0) } }

    private static func text(of value: JSONElement) -> String? {
        switch value.kind {
        case .string: JSONText.trimmed(value)
        case .integer: value.integer.map { "\($0)" }
        case .number: value.number.map { "\($0)" }
        case .object:
            (value["name"] ?? value["title"] ?? value["value"] ?? value["rendered"] ?? value["url"]
                ?? value["#text"]).flatMap(JSONText.trimmed)
        default: nil
        }
    }

    /// Takes a list of texts or of objects with names; one alone is a list of one.
    mutating func texts(_ field: FieldMapping.Field) -> [String] {
        first(field) { value in
            let texts = (value.kind == .array ? value.elements : [value]).compactMap { MappedMembers.text(of: $0) }
            return texts.isEmpty ? nil : texts
        } ?? []
    }

    /// Takes keywords: a list, or one text with commas or semicolons.
    mutating func keywords() -> [String] {
        let given = texts(.keywords)
        guard given.count == 1 else { return given }
        return given[0].split { $0 == "," || $0 == ";" }.map { VisibleText.clean(String($0)) }.filter { !$0.isEmpty }
    }

    /// Takes the text: one, or a list of paragraphs.
    mutating func body() -> String? {
        first(.body) { value in
            guard value.kind == .array else { return MappedMembers.text(of: value) }
            let paragraphs = value.elements.compactMap { MappedMembers.text(of: $0) }
            return paragraphs.isEmpty ? nil : paragraphs.joined(separator: "\n\n")
        }
    }
}
