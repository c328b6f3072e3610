/// What is wrong with a document: each problem with its place, all that were found, in the order of files and lines.
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

    /// Takes problems, and the names of the files in their order; what is about another file comes last.
    package init(problems: [Problem], files: [String] = []) {
        let ranks = Dictionary(zip(files, files.indices)) { first, _ in first }
        func rank(_ problem: Problem) -> Int { ranks[problem.file] ?? files.count }
        self.problems = problems.sorted {
            (rank($0), $0.line, $0.column, $0.key) < (rank($1), $1.line, $1.column, $1.key)
        }
    }

    /// A problem of a file as a whole.
    package static func about(file: String, _ message: String) -> TOMLError {
        TOMLError(problems: [.init(file: file, line: 0, column: 0, key: "", message: message)])
    }

    /// The problems, one a line.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
