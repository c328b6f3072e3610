/// The topic of a record on the wire: parts of `[a-z0-9._-]{1,40}`, each followed by `/`.
///
/// The closing slash keeps the prefix `art/bbc/` from matching `art/bbc-sport/`. A topic is decided when its record is
/// appended and never changes.
package struct Topic: Sendable, Hashable, CustomStringConvertible {
    /// The whole topic, for example `art/reuters/en/`.
    package let description: String

    /// The topic of an article or a kill: `art/<source>/<language>/`.
    package static func article(source: String, language: String) -> Topic {
        Topic(description: "art/\(part(source))/\(part(language))/")
    }

    /// The topic of a file's outcome: `file/<source>/<outcome>/`.
    package static func file(source: String, outcome: FileOutcome) -> Topic {
        Topic(description: "file/\(part(source))/\(outcome.rawValue)/")
    }

    /// The topic of a worker's result: `result/<kind>/`.
    package static func result(kind: String) -> Topic { Topic(description: "result/\(part(kind))/") }

    /// The topic of a saved search's matches: `match/<name>/`.
    package static func match(name: String) -> Topic { Topic(description: "match/\(part(name))/") }

    /// Takes a topic as it was stored.
    package init(stored: String) { description = stored }

    private init(description: String) { self.description = description }

    /// Whether a text is a part as it stands: 1 to 40 of `a-z`, `0-9`, `.`, `_` and `-`.
    package static func isPart(_ text: String) -> Bool { !text.isEmpty && part(text) == text }

    /// Folds any text into one part: lower-cased ASCII, everything else a hyphen, 40 at most, never empty.
    package static func part(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): bytes.append(byte + 32)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "-"):
                bytes.append(byte)
            default:
                if bytes.last != UInt8(ascii: "-") { bytes.append(UInt8(ascii: "-")) }
            }
            if bytes.count == 40 { break }
        }
        return bytes.isEmpty ? "-" : String(decoding: bytes, as: UTF8.self)
    }
}
