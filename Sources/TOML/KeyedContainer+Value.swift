extension KeyedDecodingContainer {
    /// Returns the value of `key`, or `default` where the file does not have the key.
    ///
    /// A value that cannot be used is noted and the default stands in for it, so that decoding goes on and reports
    /// every problem of the file at once; ``TOMLDocument/decode(_:)`` throws them at its end.
    package func value<T: Decodable>(_ key: Key, default: T) throws -> T {
        try noting(key, default: `default`) { _ in nil }
    }

    /// Returns the value of `key`, which must lie in `range`, or `default` where the file does not have the key.
    package func value<T: Decodable & Comparable>(_ key: Key, default: T, in range: ClosedRange<T>) throws -> T {
        try noting(key, default: `default`) { value in
            guard !range.contains(value) else { return nil }
            return "must be \(shown(range.lowerBound)) to \(shown(range.upperBound)), is \(shown(value))"
        }
    }

    /// Returns the value of `key`, for which `check` must say nothing, or `default` where the file does not have the key.
    package func value<T: Decodable>(_ key: Key, default: T, check: (T) -> String?) throws -> T {
        try noting(key, default: `default`, check)
    }

    /// Returns the value of `key`, for which `check` must say nothing; the file must have the key.
    package func required<T: Decodable>(_ key: Key, check: (T) -> String? = { _ in nil }) throws -> T {
        let value = try decode(T.self, forKey: key)
        if let message = check(value) { throw ConfigurationProblem(key: key, message: message) }
        try set(key, value)
        return value
    }

    /// Returns what `make` makes of the table at `key`, of an empty one where the file does not have it, or `default`
    /// where that fails.
    ///
    /// For types that need more than a decoder, such as defaults that depend on other keys.
    package func section<T>(_ key: Key, default: T, _ make: (any Decoder) throws -> T) throws -> T {
        guard let parent = try superDecoder() as? TreeDecoder else { return `default` }
        let node =
            contains(key) ? parent.node.entry(key.stringValue)?.node : nil
        let decoder = TreeDecoder(
            node: node ?? parent.session.makeAbsentTable(at: parent.node.position),
            path: parent.path + [.key(key.stringValue)], session: parent.session)
        do throws(PlacedError) {
            return try decoder.placing { try make(decoder) }
        } catch {
            decoder.session.note(error)
            return `default`
        }
    }

    /// Notes a problem with the value of `key` and lets decoding go on.
    package func note(_ key: Key, _ message: String) throws {
        let problem = ConfigurationProblem(key: key, message: message)
        guard let decoder = try superDecoder() as? TreeDecoder else { throw problem }
        decoder.session.note(PlacedError(problem, at: decoder.node, path: decoder.path))
    }

    /// Notes a problem with the element `index` of the array at `key`.
    package func note(_ key: Key, _ index: Int, _ message: String) throws {
        guard let decoder = try superDecoder() as? TreeDecoder else {
            throw ConfigurationProblem(key: key, message: message)
        }
        let array = decoder.node.entry(key.stringValue)?.node ?? decoder.node
        var position = array.position
        if case .array(let nodes) = array.value, nodes.indices.contains(index) { position = nodes[index].position }
        decoder.session.note(message, position: position, path: decoder.path + [.key(key.stringValue), .index(index)])
    }

    /// Notes a problem with the array at `key`: with the member `member` of its element `index`.
    package func note(_ key: Key, _ index: Int, _ member: String, _ message: String) throws {
        guard let decoder = try superDecoder() as? TreeDecoder else {
            throw ConfigurationProblem(key: key, message: message)
        }
        let path = decoder.path + [.key(key.stringValue), .index(index), .key(member)]
        decoder.session.note(message, position: decoder.node.position(key, index, member), path: path)
    }

    /// Returns where the member `member` of the element `index` of the array at `key` stands, as `file:line:column`.
    package func place(_ key: Key, _ index: Int, _ member: String) throws -> String {
        (try superDecoder() as? TreeDecoder)?.node.position(key, index, member).description
            ?? "\(key.stringValue)[\(index)]"
    }

    private func set<T>(_ key: Key, _ value: T) throws {
        guard let decoder = try superDecoder() as? TreeDecoder else { return }
        let entry = decoder.node.entry(key.stringValue)
        decoder.session.set(decoder.path + [.key(key.stringValue)], value, at: entry?.node.position)
    }

    private func noting<T: Decodable>(_ key: Key, default: T, _ check: (T) -> String?) throws -> T {
        guard contains(key) else {
            try set(key, `default`)
            return `default`
        }
        do {
            let value = try decode(T.self, forKey: key)
            guard let message = check(value) else {
                try set(key, value)
                return value
            }
            try note(key, message)
        } catch let error as PlacedError {
            guard let decoder = try superDecoder() as? TreeDecoder else { throw error }
            decoder.session.note(error)
        }
        return `default`
    }
}

extension Node {
    /// Where the member of an element of the array at `key` stands, or the nearest around it that stands anywhere.
    fileprivate func position(_ key: some CodingKey, _ index: Int, _ member: String) -> SourcePosition {
        guard let array = entry(key.stringValue)?.node else { return position }
        guard case .array(let nodes) = array.value, nodes.indices.contains(index) else { return array.position }
        return nodes[index].entry(member)?.node.position ?? nodes[index].position
    }
}

/// How a value is written in a file.
private func shown<T>(_ value: T) -> String {
    switch value {
    case let duration as Duration: "\(ConfiguredDuration(duration))"
    case let text as String: quoted(text)
    default: "\(value)"
    }
}
