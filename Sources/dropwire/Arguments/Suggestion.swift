import TOML

/// What somebody may have meant.
enum Suggestion {
    /// Returns `; did you mean 'x'?` for the nearest known word, or nothing where none is near.
    static func text(for word: String, among known: [String]) -> String {
        nearest(to: word, in: known).map { "; did you mean '\($0)'?" } ?? ""
    }
}
