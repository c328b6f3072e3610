/// The decoder of one node. Every value passes through ``decode(_:)``, which gives errors their place.
struct TreeDecoder: Decoder {
    let node: Node
    let path: [PathElement]
    let session: DecodingSession

    var codingPath: [any CodingKey] { path }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .table(let entries) = node.value else { throw mismatch("a table") }
        session.opened(node)
        return KeyedDecodingContainer(TreeKeyedContainer(decoder: self, entries: entries))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let nodes) = node.value else { throw mismatch("an array") }
        return TreeUnkeyedContainer(decoder: self, nodes: nodes)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        TreeSingleValueContainer(decoder: self)
    }

    /// Decodes a `T` from this node.
    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        do {
            return try placing { try plainValue(type) ?? T(from: self) }
        } catch {
            guard !error.isOfDecoder, let words = allowedWords(type), case .string = node.value else { throw error }
            throw notOne(of: words)
        }
    }

    /// Runs `body`, which decodes this node, and gives whatever it throws its place.
    func placing<Result>(_ body: () throws -> Result) throws(PlacedError) -> Result {
        do {
            return try body()
        } catch {
            session.endedEarly(node)
            throw PlacedError(error, at: node, path: path)
        }
    }

    func mismatch(_ expected: String) -> PlacedError {
        PlacedError(position: node.position, path: path, message: "expected \(expected), found \(node.found)")
    }

    /// Decodes what TOML holds itself, and `Duration`, whose own coding is a pair of integers that nobody would write.
    private func plainValue<T>(_ type: T.Type) throws -> T? {
        switch type {
        case is String.Type:
            guard case .string(let text) = node.value else { throw mismatch("a string") }
            return text as? T
        case is Bool.Type:
            guard case .boolean(let flag) = node.value else { throw mismatch("true or false") }
            return flag as? T
        case is Double.Type: return try number() as? T
        case is Float.Type: return Float(try number()) as? T
        case is Duration.Type: return try ConfiguredDuration(from: self).duration as? T
        case let integer as any FixedWidthInteger.Type: return try self.integer(integer) as? T
        default: return nil
        }
    }

    private func number() throws -> Double {
        switch node.value {
        case .number(let number) where number.isFinite: return number
        case .integer(let integer): return Double(integer)
        default: throw mismatch("a number")
        }
    }

    private func integer<I: FixedWidthInteger>(_ type: I.Type) throws -> I {
        guard case .integer(let integer) = node.value else { throw mismatch("an integer") }
        guard let exact = I(exactly: integer) else { throw mismatch("an integer from \(I.min) to \(I.max)") }
        return exact
    }

    /// The words of an enumeration that is read from a string, if `type` is one.
    private func allowedWords<T>(_ type: T.Type) -> [String]? {
        guard let type = type as? any (CaseIterable & RawRepresentable).Type else { return nil }
        return words(type)
    }

    private func words<E: CaseIterable & RawRepresentable>(_ type: E.Type) -> [String]? {
        let words = type.allCases.compactMap { $0.rawValue as? String }
        return words.isEmpty ? nil : words
    }

    private func notOne(of words: [String]) -> PlacedError {
        guard case .string(let text) = node.value, let near = nearest(to: text, in: words) else {
            return mismatch("one of \(words.map(quoted).joined(separator: ", "))")
        }
        let error = mismatch("one of \(words.map(quoted).joined(separator: ", "))")
        return PlacedError(
            position: error.position, path: error.path, message: "\(error.message); did you mean \(quoted(near))?")
    }
}
