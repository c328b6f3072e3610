import Articles
import Glibc
import Linux

/// One thing that `dropwire allow` does.
enum AllowStep: Sendable, Equatable {
    /// Makes a directory for the services, with what is missing above it.
    case make(directory: String)
    /// Adds entries, as setfacl(1) has them, to the access list of a directory.
    case admit(directory: String, entries: [String])
    /// Writes a small file.
    case write(folder: String, name: String, text: String)
    /// Removes a file.
    case remove(folder: String, name: String)
    /// Runs systemctl.
    case systemctl([String])

    /// Of a drop directory: what is made in it belongs to its group, and nobody else sees it.
    static let mode: mode_t = 0o2770
    private static let setfacl = "/usr/bin/setfacl"

    /// A word for what it does, and to what.
    var words: (verb: String, object: String) {
        switch self {
        case .make(let directory): ("make", "\(directory) for dropwire:dropwire, mode 2770")
        case .admit(let directory, let entries): ("admit", "\(directory): \(entries.joined(separator: ", "))")
        case .write(let folder, let name, _): ("write", "\(folder)/\(name)")
        case .remove(let folder, let name): ("remove", "\(folder)/\(name)")
        case .systemctl(let arguments): ("run", "systemctl \(arguments.joined(separator: " "))")
        }
    }

    /// A line for a person.
    var line: String { Help.pad(words.verb, to: 8) + words.object }

    /// Does it.
    func perform(_ service: Account) throws {
        switch self {
        case .make(let directory):
            try GuardedFolder(directory, isMade: true).give(to: service)
        case .admit(let directory, let entries):
            guard access(AllowStep.setfacl, X_OK) == 0 else {
                throw SystemError(code: ENOENT, operation: "run \(AllowStep.setfacl) (of the package acl)")
            }
            let folder = try GuardedFolder(directory)
            try AllowStep.run([AllowStep.setfacl, "-m", entries.joined(separator: ","), "--", folder.address])
        case .write(let folder, let name, let text):
            try GuardedFolder(folder, isMade: true).write(text, to: name)
        case .remove(let folder, let name):
            try GuardedFolder(folder).remove(name)
        case .systemctl(let arguments):
            try AllowStep.run(["/usr/bin/systemctl"] + arguments)
        }
    }

    private static func run(_ command: [String]) throws {
        let program = try SystemProgram.run(command)
        guard !program.isDone else { return }
        throw Failure(
            description: "\(command.joined(separator: " ")): "
                + (program.errorOutput.split(separator: "\n").last.map(String.init) ?? "\(program.ending)"))
    }

    /// A program of the system says no.
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Writes it as an object.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("do", words.verb)
        switch self {
        case .make(let directory): writer.field("path", directory)
        case .admit(let directory, let entries):
            writer.field("path", directory)
            writer.array("entries", entries)
        case .write(let folder, let name, let text):
            writer.field("path", "\(folder)/\(name)")
            writer.field("text", text)
        case .remove(let folder, let name): writer.field("path", "\(folder)/\(name)")
        case .systemctl(let arguments): writer.array("arguments", arguments)
        }
        writer.endObject()
    }
}
