import Articles
import FoundationEssentials

extension JSONValue {
    /// Reads a JSON text.
    init(json: [UInt8]) throws { self = try JSONDecoder().decode(JSONValue.self, from: Data(json)) }
}
