/// One step of the way from the root of a document to a value.
enum PathElement: CodingKey, Hashable, Sendable {
    case key(String)
    case index(Int)

    init?(stringValue: String) { self = .key(stringValue) }
    init?(intValue: Int) { self = .index(intValue) }

    var stringValue: String {
        switch self {
        case .key(let key): key
        case .index(let index): "\(index)"
        }
    }

    var intValue: Int? {
        guard case .index(let index) = self else { return nil }
        return index
    }
}

extension [PathElement] {
    /// The path as people write it: `watch.drop[0].include[1]`.
    var text: String {
        var result = ""
        for element in self {
            switch element {
            case .index(let index): result += "[\(index)]"
            case .key(let key):
                let isBare = !key.isEmpty && key.utf8.allSatisfy { PathElement.isBare($0) }
                result += (result.isEmpty ? "" : ".") + (isBare ? key : quoted(key))
            }
        }
        return result
    }
}

extension PathElement {
    /// The byte may stand in a key without quotes.
    fileprivate static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
