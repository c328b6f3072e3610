import Articles
import HTTP

extension HTTP.Request {
    /// Reads the `cursor` of a list; nil where there is none.
    func cursor<Place>(_ read: (String) -> Place?) throws(Problem) -> Place? {
        guard let text = query("cursor") else { return nil }
        guard let place = read(text) else {
            throw .badRequest("'cursor' is 'next' or 'prev' of a page of this list.", parameter: "cursor")
        }
        return place
    }

    /// Reads a moment; nil where there is none.
    func time(_ name: String) throws(Problem) -> Timestamp? {
        guard let text = query(name) else { return nil }
        guard let time = Timestamp(text) else {
            throw .badRequest("'\(name)' is a time such as 2025-02-26T03:27:00Z.", parameter: name)
        }
        return time
    }

    /// Reads a text of a bounded length; nil where there is none.
    func text(_ name: String, atMost limit: Int = 4096) throws(Problem) -> String? {
        guard let text = query(name) else { return nil }
        guard text.utf8.count <= limit else {
            throw .badRequest("'\(name)' has more than \(limit) bytes.", parameter: name)
        }
        return text
    }

    /// Reads `true` or `false`; nil where there is none.
    func flag(_ name: String) throws(Problem) -> Bool? {
        switch query(name) {
        case nil: return nil
        case "true": return true
        case "false": return false
        default: throw .badRequest("'\(name)' is true or false.", parameter: name)
        }
    }

    /// Reads a word that is one of several; nil where there is none.
    func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, _: Word.Type
    ) throws(Problem) -> Word? where Word.RawValue == String {
        guard let text = query(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw .badRequest("'\(name)' is one of \(known).", parameter: name)
        }
        return word
    }
}
