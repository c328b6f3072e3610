import CYAML

/// Reads a text of YAML 1.1 or 1.2 with libyaml, into values by the core schema of YAML 1.2.
///
/// Tags are read over but for `!!str`: nothing is made of a value but what it is. Aliases and merged mappings (`<<`) are
/// what they stand for, and count as that, so that a small text cannot become a large value.
package struct YAMLReader {
    private let limits: YAMLLimits
    /// It must not move: libyaml keeps a pointer to it in it.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private var depth = 0
    /// What an anchor's value costs, with what it holds.
    private struct Anchored {
        var value: YAMLValue
        var cost: Cost
    }

    private struct Cost {
        var values = 0
        var bytes = 0
    }

    private var anchors: [String: Anchored] = [:]
    private var spent = Cost()

    /// An event with what of it is used.
    private struct Event {
        var kind: yaml_event_type_t
        /// From 1.
        var line = 1
        var anchor: String?
        var text = ""
        /// A scalar without quotes and without a tag that says string.
        var isPlain = false
    }

    private init(_ parser: UnsafeMutablePointer<yaml_parser_t>, limits: YAMLLimits) {
        self.parser = parser
        self.limits = limits
    }

    /// Returns the value of a text, which is one document in UTF-8; nil where there is none in it.
    ///
    /// The corresponding C function is `yaml_parser_parse`.
    package static func read(_ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> YAMLValue? {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        defer { parser.deallocate() }
        guard yaml_parser_initialize(parser) == 1 else { fatalError("there is no memory for a YAML parser") }
        defer { yaml_parser_delete(parser) }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        // libyaml reads from where the bytes lie; what has none has no place.
        let held = bytes.isEmpty ? [0x0a] : bytes
        let result: Result<YAMLValue?, YAMLError> = held.withUnsafeBufferPointer { held in
            yaml_parser_set_input_string(parser, held.baseAddress, held.count)
            var reader = YAMLReader(parser, limits: limits)
            do throws(YAMLError) { return .success(try reader.document()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    // MARK: Events

    private mutating func next() throws(YAMLError) -> Event {
        var raw = yaml_event_t()
        guard yaml_parser_parse(parser, &raw) == 1 else { throw syntaxError() }
        defer { yaml_event_delete(&raw) }
        var event = Event(kind: raw.type, line: raw.start_mark.line + 1)
        switch raw.type {
        case YAML_SCALAR_EVENT:
            let scalar = raw.data.scalar
            event.text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            event.anchor = YAMLReader.text(scalar.anchor)
            event.isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE && YAMLReader.text(scalar.tag) != YAML_STR_TAG
        case YAML_SEQUENCE_START_EVENT: event.anchor = YAMLReader.text(raw.data.sequence_start.anchor)
        case YAML_MAPPING_START_EVENT: event.anchor = YAMLReader.text(raw.data.mapping_start.anchor)
        case YAML_ALIAS_EVENT: event.text = YAMLReader.text(raw.data.alias.anchor) ?? ""
        default: break
        }
        return event
    }

    private static func text(_ pointer: UnsafePointer<UInt8>?) -> String? { pointer.map { String(cString: $0) } }

    private func syntaxError() -> YAMLError {
        func sentence(_ text: UnsafePointer<CChar>?) -> String? { text.map { String(cString: $0) } }
        let problem = sentence(parser.pointee.problem) ?? "it cannot be read"
        let message = [sentence(parser.pointee.context), problem].compactMap { $0 }.joined(separator: ", ")
        return YAMLError(cause: .syntax, line: parser.pointee.problem_mark.line + 1, message: message)
    }

    // MARK: Values

    private mutating func document() throws(YAMLError) -> YAMLValue? {
        var event = try next()
        while event.kind == YAML_STREAM_START_EVENT || event.kind == YAML_DOCUMENT_START_EVENT { event = try next() }
        guard event.kind != YAML_STREAM_END_EVENT else { return nil }
        let value = try value(event)
        event = try next()
        while event.kind == YAML_DOCUMENT_END_EVENT { event = try next() }
        guard event.kind == YAML_STREAM_END_EVENT else {
            throw YAMLError(cause: .syntax, line: event.line, message: "a second document begins")
        }
        return value
    }

    private mutating func value(_ event: Event) throws(YAMLError) -> YAMLValue {
        let before = spent
        try spend(Cost(values: 1, bytes: event.kind == YAML_SCALAR_EVENT ? event.text.utf8.count : 0), event)
        let value: YAMLValue
        switch event.kind {
        case YAML_SCALAR_EVENT: value = event.isPlain ? YAMLValue(plain: event.text) : .string(event.text)
        case YAML_ALIAS_EVENT: return try alias(event)
        case YAML_SEQUENCE_START_EVENT: value = try sequence(event)
        default: value = try mapping(event)
        }
        if let anchor = event.anchor {
            let cost = Cost(values: spent.values - before.values, bytes: spent.bytes - before.bytes)
            anchors[anchor] = Anchored(value: value, cost: cost)
        }
        return value
    }

    /// An anchor is there once its value is whole, so that none stands for what it is in.
    private mutating func alias(_ event: Event) throws(YAMLError) -> YAMLValue {
        guard let anchored = anchors[event.text] else {
            throw YAMLError(cause: .syntax, line: event.line, message: "no anchor is called '\(event.text.prefix(60))'")
        }
        try spend(anchored.cost, event)
        return anchored.value
    }

    private mutating func spend(_ cost: Cost, _ event: Event) throws(YAMLError) {
        spent.values += cost.values
        spent.bytes += cost.bytes
        guard spent.values <= limits.values else {
            throw YAMLError(cause: .limit, line: event.line, message: "there are more than \(limits.values) values")
        }
        guard spent.bytes <= limits.bytes else {
            throw YAMLError(
                cause: .limit, line: event.line, message: "there are more than \(limits.bytes) bytes of text")
        }
    }

    private mutating func descend(_ event: Event) throws(YAMLError) {
        depth += 1
        guard depth <= limits.depth else {
            throw YAMLError(
                cause: .limit, line: event.line, message: "it is nested more than \(limits.depth) levels deep")
        }
    }

    private mutating func sequence(_ start: Event) throws(YAMLError) -> YAMLValue {
        try descend(start)
        defer { depth -= 1 }
        var values: [YAMLValue] = []
        while case let event = try next(), event.kind != YAML_SEQUENCE_END_EVENT { values.append(try value(event)) }
        return .sequence(values)
    }

    private mutating func mapping(_ start: Event) throws(YAMLError) -> YAMLValue {
        try descend(start)
        defer { depth -= 1 }
        var members: [YAMLValue.Member] = []
        var places: [String: Int] = [:]
        var merged: [YAMLValue.Member] = []
        while case let key = try next(), key.kind != YAML_MAPPING_END_EVENT {
            guard key.kind == YAML_SCALAR_EVENT else {
                throw YAMLError(cause: .syntax, line: key.line, message: "the name of a member is no simple text")
            }
            try spend(Cost(values: 0, bytes: key.text.utf8.count), key)
            if let anchor = key.anchor {
                anchors[anchor] = Anchored(
                    value: .string(key.text), cost: Cost(values: 1, bytes: key.text.utf8.count))
            }
            let value = try value(try next())
            if key.isPlain, key.text == "<<", let more = YAMLReader.merged(value) {
                merged += more
                continue
            }
            // As most readers do, the last of a name stands.
            if let place = places[key.text] {
                members[place].value = value
            } else {
                places[key.text] = members.count
                members.append(.init(name: key.text, value: value))
            }
        }
        for member in merged where places[member.name] == nil {
            places[member.name] = members.count
            members.append(member)
        }
        return .mapping(members)
    }

    /// The members that a mapping takes over from another, or from several, the first first.
    private static func merged(_ value: YAMLValue) -> [YAMLValue.Member]? {
        switch value {
        case .mapping(let members): return members
        case .sequence(let values):
            var all: [YAMLValue.Member] = []
            for value in values {
                guard case .mapping(let members) = value else { return nil }
                all += members
            }
            return all
        default: return nil
        }
    }
}
