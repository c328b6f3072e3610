import FoundationEssentials

/// The `type` of a record.
package enum RecordType: String, Sendable, Decodable {
    case article, kill, file, result, match, gone

    private struct Head: Decodable {
        var type: String
    }

    private static let usual: [(prefix: [UInt8], type: RecordType)] = [article, file, result, match, kill, gone].map {
        (Array("{\"v\":1,\"type\":\"\($0.rawValue)\",".utf8), $0)
    }

    /// Returns the type of a record; nil where it has none that is known.
    package static func of(_ bytes: [UInt8]) -> RecordType? {
        // Our own writers put it first; a record of another producer is read as JSON.
        for known in usual where bytes.starts(with: known.prefix) { return known.type }
        return (try? JSONDecoder().decode(Head.self, from: Data(bytes))).flatMap { RecordType(rawValue: $0.type) }
    }
}
