/// What somebody has to be allowed to do to ask for something.
package enum AccessRole: Int, Sendable, Comparable {
    /// Nothing: it tells no secret and changes nothing.
    case open
    /// To see what came in.
    case read
    /// To change something: to retry, to discard, to save.
    case operate

    /// The role of a word; nil where it is none that a token can have.
    package init?(word: String) {
        switch word {
        case "read": self = .read
        case "operate": self = .operate
        default: return nil
        }
    }

    /// Its word.
    package var word: String {
        switch self {
        case .open: "open"
        case .read: "read"
        case .operate: "operate"
        }
    }

    package static func < (left: AccessRole, right: AccessRole) -> Bool { left.rawValue < right.rawValue }
}
