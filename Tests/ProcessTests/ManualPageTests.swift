import FoundationEssentials
import Glibc
import Linux
import TestSupport
import Testing

@testable import dropwire

private let readers = ["/usr/bin/man", "/usr/bin/groff", "/usr/bin/mandoc"]

/// The manual pages as the programs read them that people read them with.
@Suite(.enabled(if: readers.allSatisfy { access($0, X_OK) == 0 }, "man, groff or mandoc is not there"))
struct ManualPageTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    private func makePages(_ folder: String, epoch: String = "1740540420") throws -> [String] {
        let made = try BuiltProgram.run(
            ["man", "--all", scratch.path(folder)], environment: ["SOURCE_DATE_EPOCH": epoch])
        #expect(made.ending == .exited(0) && made.errorOutput.isEmpty, "\(made.errorOutput)")
        return try FileManager.default.contentsOfDirectory(atPath: scratch.path(folder)).sorted()
    }

    /// A page as it is shown, on lines that are wide enough for every word.
    private func shown(_ path: String) throws -> String {
        let man = try TestedProcess(
            name: "man", command: ["/usr/bin/man", "-l", path],
            environment: ["MANWIDTH": "10000", "LC_ALL": "C.UTF-8", "MAN_KEEP_FORMATTING": "", "PAGER": "cat"])
        #expect(try man.waitUntilEnded() == .exited(0), "\(man.errorOutput)")
        return man.output
    }

    @Test func `neither man nor groff nor mandoc has anything to say about any page`() throws {
        for page in try makePages("pages") {
            let path = scratch.path("pages/\(page)")
            for command in [
                ["/usr/bin/man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", path],
                ["/usr/bin/groff", "-ww", "-man", "-Tutf8", path],
                ["/usr/bin/mandoc", "-Tlint", "-W", "warning", path],
            ] {
                let reader = try TestedProcess(
                    name: command[0], command: command,
                    environment: ["LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "80"])
                #expect(try reader.waitUntilEnded() == .exited(0))
                #expect(reader.errorOutput.isEmpty, "\(page): \(reader.errorOutput)")
                if command.contains("-Tlint") { #expect(reader.output.isEmpty, "\(page): \(reader.output)") }
            }
        }
    }

    @Test func `every command has a page, with its actions, options, examples and exit codes`() throws {
        let pages = try makePages("pages")
        let names = Dropwire.commands.map { "dropwire-\($0.name).1" }
        #expect(pages == (names + ["dropwire.1", "dropwire.toml.5"]).sorted())
        let program = try shown(scratch.path("pages/dropwire.1"))
        for command in Dropwire.commands {
            #expect(program.contains("dropwire-\(command.name)(1)"))
            let page = try shown(scratch.path("pages/dropwire-\(command.name).1"))
            #expect(page.contains("dropwire-\(command.name) - \(command.summary)\n"))
            for option in command.allOptions {
                let form = "       " + option.name + (option.value.map { " \($0.name)" } ?? "")
                #expect(page.contains("\(form)\n") || page.contains("\(form) "), "\(command.name): \(form)")
            }
            for action in command.actions { #expect(page.contains("] \(action.form)\n"), "\(action.form)") }
            for example in command.examples { #expect(page.contains("           \(example.line)\n")) }
            for code in ["0", "1", "64", "78"] { #expect(page.contains("\n       \(code)   ")) }
            if let failure = command.failure { #expect(page.contains(failure)) }
        }
    }

    @Test func `the page of the configuration has every table and key with its default`() throws {
        _ = try makePages("pages")
        let page = try shown(scratch.path("pages/dropwire.toml.5"))
        var count = 0
        for table in SampleConfiguration.embedded.tables {
            #expect(page.contains("\n   \(table.name)\n") || table.name.isEmpty)
            for case .keys(let keys, _) in table.pieces {
                for key in keys {
                    count += 1
                    #expect(page.contains("\n       \(key.name) = \(key.value)\n") || page.contains(key.value))
                    #expect(page.contains("\n       \(key.name)"))
                }
            }
        }
        #expect(count > 100)
    }

    @Test func `a page is made from another sample where one is named`() throws {
        try scratch.write("# Few words.\n\n# What it is.\n# key = \"'.\\\\\"\n", to: "sample.toml")
        let made = try BuiltProgram.run(["man", "--sample", scratch.path("sample.toml"), "dropwire.toml"])
        #expect(made.ending == .exited(0))
        try scratch.write(made.output, to: "made.5")
        let page = try shown(scratch.path("made.5"))
        #expect(page.contains("       key = \"'.\\\\\"\n") && page.contains("What it is."), "\(page)")
        let missing = try BuiltProgram.run(["man", "--sample", "/nowhere/x.toml", "dropwire.toml"])
        #expect(missing.ending == .exited(1) && missing.errorOutput.contains("/nowhere/x.toml"))
    }

    @Test func `the same sources give the same bytes, dated as they are`() throws {
        let pages = try makePages("first")
        #expect(try makePages("second") == pages)
        for page in pages {
            let text = try #require(scratch.read("first/\(page)"))
            #expect(scratch.read("second/\(page)") == text)
            #expect(String(decoding: text, as: UTF8.self).contains(" 2025-02-26 \"dropwire "))
            // Whatever reads it, and however it is set up.
            #expect(text.allSatisfy { $0 < 0x80 })
        }
        let wrong = try BuiltProgram.run(["man"], environment: ["SOURCE_DATE_EPOCH": "yesterday"])
        #expect(wrong.ending == .exited(64) && wrong.errorOutput.contains("SOURCE_DATE_EPOCH"))
        let unknown = try BuiltProgram.run(["man", "quarantin"])
        #expect(unknown.ending == .exited(64) && unknown.errorOutput.contains("did you mean 'quarantine'?"))
    }
}
