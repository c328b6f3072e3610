/// A line of `authorized_keys` or `known_servers`: words between white space. A line that begins with `#` is a comment;
/// further on that character may be part of a key.
struct ListLine {
    let words: [String]
    private let place: String

    /// The lines that say something; `name` is the file's.
    static func lines(of text: String, name: String) -> [ListLine] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated().compactMap {
            index, line in
            let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
            guard let first = words.first, !first.hasPrefix("#") else { return nil }
            return ListLine(words: words, place: "\(name):\(index + 1)")
        }
    }

    /// An error that names the line.
    func problem(_ message: String) -> SecurityProblem { SecurityProblem(description: "\(place): \(message)") }
}
