import Articles
import Messaging

/// Something that the doctor looked at.
struct Finding: Sendable, Equatable {
    /// How it is.
    enum State: String, Sendable {
        /// As it should be.
        case fine
        /// To be looked at, though all goes on.
        case odd
        /// Something does not work, or will not.
        case bad
    }

    var state: State
    /// What was looked at, for example `watch/log.sqlite`.
    var subject: String
    /// What was seen, in a sentence.
    var text: String
    /// What to do; nil where nothing is.
    var advice: String?

    static func fine(_ subject: String, _ text: String) -> Finding {
        Finding(state: .fine, subject: subject, text: text)
    }
    static func odd(_ subject: String, _ text: String, _ advice: String) -> Finding {
        Finding(state: .odd, subject: subject, text: text, advice: advice)
    }
    static func bad(_ subject: String, _ text: String, _ advice: String) -> Finding {
        Finding(state: .bad, subject: subject, text: text, advice: advice)
    }

    /// Lines for a person.
    var lines: [String] {
        let first = "\(Help.pad(state.rawValue, to: 6))\(JSONText.terminalSafe("\(subject): \(text)"))"
        return [first] + (advice.map { ["      → \(JSONText.terminalSafe($0))"] } ?? [])
    }

    /// The finding as an object.
    var json: [UInt8] {
        Reply { writer in
            writer.field("state", state.rawValue)
            writer.field("subject", subject)
            writer.field("text", text)
            writer.field("advice", advice)
        }.json
    }
}
