import Linux

/// A small program of the system, run to its end.
enum Command {
    /// It did not do what was asked.
    struct Failed: Error, CustomStringConvertible {
        let what: String
        var description: String { "could not \(what)" }
    }

    /// Runs a program by its path; returns whether it ended with code 0.
    static func run(_ words: [String]) throws -> Bool {
        let child = try ChildProcess(
            path: words[0], arguments: Array(words.dropFirst()), output: .null, errorOutput: .null)
        return child.wait() == .exited(0)
    }
}
