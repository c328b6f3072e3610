/// The members of an object, each with the bytes of its value: found without reading them.
struct JSONMembers {
    /// The names in their order, with their values.
    private(set) var members: [(name: String, value: ArraySlice<UInt8>)] = []

    /// Takes apart an object that was written by `JSONWriter`: names without escapes, no space between.
    init(_ json: [UInt8]) {
        var index = 1
        while index < json.count, json[index] == UInt8(ascii: "\"") {
            let name = JSONMembers.end(ofString: index, in: json)
            // What is cut short has no more members.
            guard name > index + 1, name < json.count, json[name] == UInt8(ascii: ":") else { return }
            let value = JSONMembers.end(ofValue: name + 1, in: json)
            members.append((String(decoding: json[index + 1..<name - 1], as: UTF8.self), json[name + 1..<value]))
            // The comma, or the closing brace.
            index = value + 1
        }
    }

    /// The value of a member.
    subscript(name: String) -> ArraySlice<UInt8>? { members.first { $0.name == name }?.value }

    /// The place behind a string that begins at `start`.
    private static func end(ofString start: Int, in json: [UInt8]) -> Int {
        var index = start + 1
        while index < json.count, json[index] != UInt8(ascii: "\"") {
            index += json[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index + 1, json.count)
    }

    /// The place behind a value that begins at `start`.
    private static func end(ofValue start: Int, in json: [UInt8]) -> Int {
        var depth = 0
        var index = start
        while index < json.count {
            switch json[index] {
            case UInt8(ascii: "\""):
                index = end(ofString: index, in: json)
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return index }
                depth -= 1
            case UInt8(ascii: ","):
                if depth == 0 { return index }
            default: break
            }
            index += 1
        }
        return index
    }
}
