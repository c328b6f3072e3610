import Articles
import JSON
import TimeZones

/// The members of an object that become an article's fields: each is taken once by its name, and one that is of another
/// kind than it should be is named in a warning, as `field_invalid:version`.
struct JSONFields {
    private var object: JSONObject
    private let context: FormatContext
    private let ignoresCase: Bool
    private(set) var warnings: [String] = []
    /// So many warnings are enough to see what is wrong.
    private static let warningLimit = 20

    /// Takes an object.
    ///
    /// - Parameter ignoresCase: names are asked for in lower case and compared without regard to it.
    init(_ object: JSONObject, _ context: FormatContext, ignoresCase: Bool = false) {
        self.object = object
        self.ignoresCase = ignoresCase
        self.context = context
    }

    // MARK: Any value

    /// Takes a member whatever it is.
    mutating func take(_ name: StaticString) -> JSONElement? {
        ignoresCase ? object.take(ignoringCase: name) : object.take(name)
    }

    /// Takes members by the beginning of their names.
    mutating func take(prefix: StaticString) -> [(name: String, value: JSONElement)] { object.take(prefix: prefix) }

    /// What nobody took, as values of a record, up to a bound.
    func rest() -> [String: JSONValue] {
        var rest: [String: JSONValue] = [:]
        for (name, value) in object.rest where !name.isEmpty && rest.count < 200 {
            if let value = JSONValue(value, depth: 16) { rest[name] = value }
        }
        return rest
    }

    /// Notes that a member is not what it should be.
    mutating func warn(_ name: StaticString) { warn("\(name)") }

    mutating func warn(_ name: String) {
        let warning = "field_invalid:\(name)"
        if warnings.count < JSONFields.warningLimit, !warnings.contains(warning) { warnings.append(warning) }
    }

    mutating func add(_ other: [String]) { warnings += other }

    // MARK: Simple values

    /// Takes a string, without space around it; nil where it has none else.
    mutating func text(_ names: StaticString...) -> String? {
        for name in names {
            guard let value = take(name) else { continue }
            guard value.kind == .string else {
                warn(name)
                continue
            }
            if let text = JSONText.trimmed(value) { return text }
        }
        return nil
    }

    /// Takes a string or a whole number as text, as versions and ids are written.
    mutating func word(_ names: StaticString...) -> String? {
        for name in names {
            guard let value = take(name) else { continue }
            if let number = value.integer { return "\(number)" }
            guard value.kind == .string else {
                warn(name)
                continue
            }
            if let text = JSONText.trimmed(value) { return text }
        }
        return nil
    }

    /// Takes a list of strings; one string is a list of one.
    mutating func texts(_ name: StaticString) -> [String] {
        guard let value = take(name) else { return [] }
        if value.kind == .string { return JSONText.trimmed(value).map { [$0] } ?? [] }
        guard value.kind == .array else {
            warn(name)
            return []
        }
        return value.elements.compactMap { element in
            if element.kind != .string, !element.isNull { warn(name) }
            return JSONText.trimmed(element)
        }
    }

    /// Takes a list of objects; what is none is left out.
    mutating func objects(_ name: StaticString) -> [JSONObject] {
        guard let value = take(name) else { return [] }
        guard value.kind == .array else {
            warn(name)
            return []
        }
        return value.elements.compactMap { element in
            guard let object = JSONObject(element) else {
                warn(name)
                return nil
            }
            return object
        }
    }

    /// Takes an object.
    mutating func object(_ name: StaticString) -> JSONObject? {
        guard let value = take(name) else { return nil }
        guard let object = JSONObject(value) else {
            warn(name)
            return nil
        }
        return object
    }

    /// Takes a whole number of a range.
    mutating func integer(_ name: StaticString, in range: ClosedRange<Int>) -> Int? {
        guard let value = take(name) else { return nil }
        let number = value.integer ?? value.number.flatMap { Int64(exactly: $0) }
        guard let number, let integer = Int(exactly: number), range.contains(integer) else {
            warn(name)
            return nil
        }
        return integer
    }

    /// The members of an object within this one, by the same rules.
    func fields(_ object: JSONObject) -> JSONFields { JSONFields(object, context, ignoresCase: ignoresCase) }

    // MARK: Meanings

    /// Takes a language tag.
    mutating func language(_ name: StaticString) -> String? {
        guard let text = text(name) else { return nil }
        guard let tag = LanguageTag.normalized(text) else {
            warn(name)
            return nil
        }
        return tag
    }

    /// Takes a date; what is doubtful about it is told in warnings.
    mutating func date(_ name: StaticString) -> (date: ResolvedDate, raw: String)? {
        guard let value = take(name) else { return nil }
        let raw: String
        if let number = value.integer {
            raw = "\(number)"
        } else if let text = JSONText.trimmed(value) {
            raw = text
        } else {
            if value.kind != .string { warn(name) }
            return nil
        }
        guard let written = FieldDate.read(raw, context), written.moment != nil else {
            warn(name)
            return nil
        }
        return (written, raw)
    }

    /// Takes the end of an embargo; nil where there is none, or only an empty text.
    ///
    /// - Throws: where something else stands there: it would be shown before its time.
    mutating func embargo(_ names: StaticString..., format: String) throws(ParseError) -> Timestamp? {
        for name in names {
            guard let value = take(name), value.kind != .null else { continue }
            let raw = value.integer.map { "\($0)" } ?? value.text ?? "\(value.kind)"
            guard !raw.allSatisfy(\.isWhitespace) else { continue }
            guard value.integer != nil || value.kind == .string, let moment = FieldDate.read(raw, context)?.moment
            else {
                throw .unreadableEmbargo("\(name)", raw, format: format)
            }
            return moment
        }
        return nil
    }

    /// Takes a date's moment.
    mutating func moment(_ name: StaticString) -> Timestamp? { date(name)?.date.moment }
}
