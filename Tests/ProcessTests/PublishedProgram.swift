import Glibc
import Linux
import TestSupport

/// A program that stands in the documentation behind `<!-- consumer: NAME -->`, to be run as it stands there.
struct PublishedProgram: CustomStringConvertible {
    /// A file of the documentation.
    enum Page: String {
        case readMe = "README.md"
        case consumers = "Sources/Messaging/Messaging.docc/Consumers.md"
    }

    let page: Page
    let name: String

    var description: String { "\(name) of \(page.rawValue)" }

    /// Debian's Python. Not that of PATH: `python3-zmq` is a package for this one.
    static let python = "/usr/bin/python3"

    /// That Python can be run, and has ZeroMQ.
    static let hasZeroMQ: Bool = {
        let child = try? ChildProcess(path: python, arguments: ["-c", "import zmq"], output: .null, errorOutput: .null)
        return child?.wait() == .exited(0)
    }()

    /// Writes the program into a directory, compiles it where it is C, and returns the command that runs it.
    ///
    /// - Throws: `Trouble` with the compiler's words where it does not compile without a warning.
    func command(in scratch: ScratchDirectory) throws -> [String] {
        let (language, text) = try block()
        switch language {
        case "c":
            try scratch.write(text, to: "\(name).c")
            let program = scratch.path(name)
            let compiler = try TestedProcess(
                name: "the compiler",
                command: [
                    "/usr/bin/cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program, scratch.path("\(name).c"),
                    "-lzmq",
                    "-lsqlite3",
                ])
            guard try compiler.waitUntilEnded(within: .seconds(60)) == .exited(0) else {
                throw Trouble("\(self) does not compile:\n\(compiler.errorOutput)")
            }
            return [program]
        case "python":
            try scratch.write(text, to: "\(name).py")
            return [PublishedProgram.python, scratch.path("\(name).py")]
        default: return ["/bin/sh", "-c", text]
        }
    }

    /// The language and the text of the block.
    private func block() throws -> (language: String, text: String) {
        let file = try Directory(path: BuiltProgram.sourceRoot).open(RelativePath(page.rawValue))
        let page = String(decoding: try file.readAll(expected: 64 << 10, limit: 1 << 20), as: UTF8.self)
        guard let mark = page.firstRange(of: "<!-- consumer: \(name) -->\n"),
            let match = page[mark.upperBound...].prefixMatch(of: /```([a-z]+)\n((?:.|\n)*?)```/)
        else { throw Trouble("\(self.page.rawValue) has no program '\(name)'") }
        return (String(match.output.1), String(match.output.2))
    }
}
