import Articles
import FoundationEssentials

/// Reading JSON for people.
enum JSONText {
    /// Reads any JSON; null where it is none.
    static func read(_ bytes: [UInt8]) -> JSONValue {
        (try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))) ?? .null
    }

    /// Makes text from outside safe for a terminal: control characters, which could move the cursor or recolour, are shown
    /// as a replacement, and so are marks that turn the direction of writing.
    static func terminalSafe(_ text: String) -> String {
        var safe = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let value = scalar.value
            let isHostile =
                value < 0x20 || (0x7f...0x9f).contains(value) || (0x202a...0x202e).contains(value)
                || (0x2066...0x2069).contains(value)
            safe.append(isHostile ? (value == 0x0a || value == 0x09 ? " " : "\u{fffd}") : scalar)
        }
        return String(safe)
    }
}
