import Articles
import TOML
import YAML

/// A language that front matter is written in.
enum FrontMatterSyntax: Sendable, CustomStringConvertible {
    case yaml, toml, json

    /// Its name, for people.
    var description: String {
        switch self {
        case .yaml: "YAML"
        case .toml: "TOML"
        case .json: "JSON"
        }
    }

    /// Takes what stands behind an opening fence, as `json`; nil where it is none of these.
    init?(label: some StringProtocol) {
        switch label.lowercased() {
        case "yaml", "yml": self = .yaml
        case "toml": self = .toml
        case "json": self = .json
        default: return nil
        }
    }

    /// What is wrong with front matter.
    struct Fault: Error {
        /// From 1, in the front matter.
        var line: Int
        var message: String
        /// Whether it is deeper or larger than the limits.
        var isLimit = false

        /// Makes a fault; names in the text may be in the message, and may be long.
        init(line: Int, message: String, isLimit: Bool = false) {
            self.line = line
            self.message = String(
                String.UnicodeScalarView(
                    message.unicodeScalars.prefix(300).map { $0.value < 0x20 || $0.value == 0x7f ? "?" : $0 }))
            self.isLimit = isLimit
        }
    }

    /// How deep values may be nested.
    private static let depth = 16

    /// Returns the members of a text; nil where it is no mapping.
    func members(of bytes: [UInt8]) throws(Fault) -> [String: JSONValue]? {
        switch self {
        case .yaml:
            do throws(YAMLError) {
                guard let value = try YAMLReader.read(bytes) else { return [:] }
                guard case .mapping(let members) = value else { return value == .null ? [:] : nil }
                return JSONValue.members(members)
            } catch {
                throw Fault(line: error.line, message: error.message, isLimit: error.cause == .limit)
            }
        case .toml:
            let value: TOMLValue
            do throws(TOMLValue.Fault) { value = try TOMLValue.read(bytes) } catch {
                throw Fault(line: error.line, message: error.message, isLimit: error.isLimit)
            }
            guard case .object(let members)? = JSONValue(value, depth: FrontMatterSyntax.depth) else {
                throw Fault(
                    line: 1, message: "it is nested more than \(FrontMatterSyntax.depth) levels deep", isLimit: true)
            }
            return members
        case .json:
            do throws(JSONReader.Fault) {
                let isBlank = bytes.allSatisfy(\.isSpace)
                let value = isBlank ? .object([:]) : try JSONReader.read(bytes, maximumDepth: FrontMatterSyntax.depth)
                guard case .object(let members) = value else { return nil }
                return members
            } catch {
                throw Fault(line: error.line, message: error.message)
            }
        }
    }
}

extension JSONValue {
    fileprivate init(_ value: YAMLValue) {
        switch value {
        case .null: self = .null
        case .boolean(let flag): self = .boolean(flag)
        case .integer(let integer): self = .integer(integer)
        case .number(let number): self = .number(number)
        case .string(let text): self = .string(text)
        case .sequence(let values): self = .array(values.map { JSONValue($0) })
        case .mapping(let members): self = .object(JSONValue.members(members))
        }
    }

    fileprivate static func members(_ members: [YAMLValue.Member]) -> [String: JSONValue] {
        var made: [String: JSONValue] = [:]
        for member in members { made[member.name] = JSONValue(member.value) }
        return made
    }

    /// Takes a value of TOML; nil where it is nested too deep.
    fileprivate init?(_ value: TOMLValue, depth: Int) {
        guard depth > 0 else { return nil }
        switch value {
        case .boolean(let flag): self = .boolean(flag)
        case .integer(let integer): self = .integer(integer)
        // Infinity and no number have no place in a record.
        case .number(let number): self = number.isFinite ? .number(number) : .string("\(number)")
        case .string(let text), .date(let text): self = .string(text)
        case .array(let values):
            var made: [JSONValue] = []
            for value in values {
                guard let value = JSONValue(value, depth: depth - 1) else { return nil }
                made.append(value)
            }
            self = .array(made)
        case .table(let members):
            var made: [String: JSONValue] = [:]
            for member in members {
                guard let value = JSONValue(member.value, depth: depth - 1) else { return nil }
                made[member.name] = value
            }
            self = .object(made)
        }
    }
}
