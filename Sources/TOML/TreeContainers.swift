/// The keyed container of a table; tells the session which keys were asked for.
struct TreeKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: TreeDecoder
    let entries: [Node.Entry]

    var codingPath: [any CodingKey] { decoder.path }
    var allKeys: [Key] { entries.compactMap { Key(stringValue: $0.key) } }

    func contains(_ key: Key) -> Bool {
        decoder.session.asked(key.stringValue, of: decoder.node)
        return decoder.node.entry(key.stringValue) != nil
    }

    /// TOML has no null: what is absent is not there.
    func decodeNil(forKey key: Key) throws -> Bool { !contains(key) }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try child(key).decode(type) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try child(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try child(key).unkeyedContainer()
    }

    /// The decoder of this table itself. A configuration inherits nothing; ``value(_:default:)`` finds the session by it.
    func superDecoder() throws -> any Decoder { decoder }

    func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }

    private func child(_ key: Key) throws -> TreeDecoder {
        let name = key.stringValue
        decoder.session.asked(name, of: decoder.node)
        guard let entry = decoder.node.entry(name) else {
            var message = "the required key '\(name)' is missing"
            if let near = nearest(to: name, in: entries.map(\.key)),
                let place = decoder.node.entry(near)?.keyPosition
            {
                message += "; is '\(near)' in line \(place.line) meant to be it?"
            }
            throw PlacedError(position: decoder.node.position, path: decoder.path, message: message)
        }
        return TreeDecoder(node: entry.node, path: decoder.path + [.key(name)], session: decoder.session)
    }
}

/// The unkeyed container of an array.
struct TreeUnkeyedContainer: UnkeyedDecodingContainer {
    let decoder: TreeDecoder
    let nodes: [Node]
    private(set) var currentIndex = 0

    init(decoder: TreeDecoder, nodes: [Node]) {
        self.decoder = decoder
        self.nodes = nodes
    }

    var codingPath: [any CodingKey] { decoder.path }
    var count: Int? { nodes.count }
    var isAtEnd: Bool { currentIndex == nodes.count }

    mutating func decodeNil() throws -> Bool { false }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next().decode(type) }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }

    mutating func superDecoder() throws -> any Decoder { try next() }

    private mutating func next() throws -> TreeDecoder {
        guard !isAtEnd else { throw decoder.mismatch("an array of more than \(nodes.count) elements") }
        defer { currentIndex += 1 }
        return TreeDecoder(
            node: nodes[currentIndex], path: decoder.path + [.index(currentIndex)], session: decoder.session)
    }
}

/// The single value container of any node.
struct TreeSingleValueContainer: SingleValueDecodingContainer {
    let decoder: TreeDecoder

    var codingPath: [any CodingKey] { decoder.path }

    func decodeNil() -> Bool { false }

    func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.decode(type) }
}
