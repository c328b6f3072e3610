/// Prefixes of topics, as a consumer asks for them; none is everything.
///
/// A log has few topics and many records, so what a topic gave once is remembered.
struct TopicFilter {
    /// The most prefixes that a request may have, and the most bytes of each.
    static let limits = (count: 1000, bytes: 200)

    let prefixes: [String]
    private var known: [String: Bool] = [:]

    /// Makes a filter.
    init(_ prefixes: [String] = []) { self.prefixes = prefixes }

    /// Everything passes.
    var isEmpty: Bool { prefixes.isEmpty }

    /// Returns whether a record of `topic` is asked for.
    mutating func matches(_ topic: String) -> Bool {
        if prefixes.isEmpty { return true }
        if let answer = known[topic] { return answer }
        let answer = prefixes.contains { topic.hasPrefix($0) }
        // Bounded, whatever topics come by.
        if known.count >= 4096 { known.removeAll() }
        known[topic] = answer
        return answer
    }

    /// Checks the prefixes of a request.
    static func check(_ prefixes: [String], _ command: String) throws(WireError) {
        let isGood =
            prefixes.count <= limits.count
            && prefixes.allSatisfy { $0.utf8.count <= limits.bytes && $0.utf8.allSatisfy { $0 >= 0x20 } }
        guard isGood else {
            throw .badRequest(
                "\(command): at most \(limits.count) topics of at most \(limits.bytes) bytes, without control characters"
            )
        }
    }
}
