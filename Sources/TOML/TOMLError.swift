/// What is wrong with a document: each problem with its place, all that were found, in the order of the file.
package struct TOMLError: Error, Equatable, CustomStringConvertible {
    /// One problem.
    package struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// The file's name as it was given.
        package let file: String
        /// The line, from 1; 0 where the problem is the file itself (it cannot be read).
        package let line: Int
        /// The column in code points, from 1; 0 where the problem is the file itself.
        package let column: Int
        /// The path of the key, such as `watch.drop[0].include[1]`; empty for syntax errors and the top level.
        package let key: String
        /// What is wrong: what was expected, and what is there.
        package let message: String

        package init(file: String, line: Int, column: Int, key: String, message: String) {
            self.file = file
            self.line = line
            self.column = column
            self.key = key
            self.message = message
        }

        /// `file:line:column: key: message`.
        package var description: String {
            (line == 0 ? "\(file): " : "\(file):\(line):\(column): ") + (key.isEmpty ? message : "\(key): \(message)")
        }
    }

    /// The problems, at least one, sorted by position.
    package let problems: [Problem]

    package init(problems: [Problem]) {
        self.problems = problems.sorted { ($0.line, $0.column, $0.key) < ($1.line, $1.column, $1.key) }
    }

    /// The problems, one a line.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
