import FoundationEssentials
import Glibc
import Linux

extension Command {
    static let man = Command(
        name: "man",
        summary: "print the manual pages",
        explanation: """
            Without an operand it is dropwire(1), with a command's name the page of that command, and with
            dropwire.toml that of the configuration. What is printed is for man(1): pipe it into `man -l -`.
            """,
        options: [
            Command.Option("--all", "DIR", "write every page to DIR instead"),
            Command.Option("--sample", "FILE", "make dropwire.toml(5) from this sample, not from the one built in"),
        ],
        operands: "[COMMAND|dropwire.toml]",
        examples: [
            Command.Example("dropwire man quarantine | man -l -", "Read a page where none is installed."),
            Command.Example("dropwire man --all debian/man", "Write all of them for a package."),
        ], run: { try ManualTool.run($0) })
}

/// `dropwire man`.
enum ManualTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard arguments.operands.count <= 1 else { throw UsageError("one page is asked for, or --all DIR") }
        let pages = try Pages(sample: arguments.value("--sample"))
        if let directory = arguments.value("--all") {
            guard arguments.operands.isEmpty else { throw UsageError("--all writes every page") }
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            for (file, text) in pages.all {
                try Data(text.utf8).write(to: URL(filePath: "\(directory)/\(file)"))
            }
            return ExitCode.done
        }
        let name = arguments.operands.first ?? ""
        guard let text = pages.page(name) else {
            let known = Dropwire.commands.map(\.name) + [Pages.configuration]
            throw UsageError("there is no page '\(name)'\(Suggestion.text(for: name, among: known))")
        }
        Output.bytes(Array(text.utf8))
        return ExitCode.done
    }

    /// Every page.
    private struct Pages {
        static let configuration = "dropwire.toml"
        /// The day of this version.
        private static let day = "2026-11-30"
        private let sample: SampleConfiguration
        private let date: String

        init(sample path: String?) throws {
            sample = try path.map { SampleConfiguration(try String(contentsOfFile: $0, encoding: .utf8)) } ?? .embedded
            date = try Pages.date(getenv("SOURCE_DATE_EPOCH").map { String(cString: $0) })
        }

        /// The page of a command, of the configuration, or of the program (``).
        func page(_ name: String) -> String? {
            if name.isEmpty { return ManualPage.program(Dropwire.commands, date: date).text }
            if name == Pages.configuration { return ManualPage.configuration(sample, date: date).text }
            return Dropwire.commands.first { $0.name == name }.map { ManualPage.command($0, date: date).text }
        }

        /// Every page with the name of its file.
        var all: [(file: String, text: String)] {
            let names = [""] + Dropwire.commands.map(\.name) + [Pages.configuration]
            return names.compactMap { name in
                page(name).map { text in
                    switch name {
                    case "": ("dropwire.1", text)
                    case Pages.configuration: ("\(name).5", text)
                    default: ("dropwire-\(name).1", text)
                    }
                }
            }
        }

        /// The day that pages are dated: that of the sources, so that the same sources give the same pages.
        private static func date(_ epoch: String?) throws(UsageError) -> String {
            guard let epoch else { return day }
            guard let seconds = Int(epoch), seconds >= 0, seconds < 1 << 37 else {
                throw UsageError("SOURCE_DATE_EPOCH is a number of seconds since 1970, not '\(epoch)'")
            }
            return String(Date(timeIntervalSince1970: Double(seconds)).ISO8601Format().prefix(10))
        }
    }
}
