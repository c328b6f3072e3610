import FoundationEssentials
import Testing

@testable import dropwire

/// The table of commands, which help, manual pages and completions are made from.
@Suite struct CommandTableTests {
    private static let sample =
        String(#filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }) + "/Config/dropwire.toml"

    @Test(arguments: Dropwire.commands.map(\.name))
    func `every example is a command line that the command takes`(name: String) throws {
        let command = try #require(Dropwire.commands.first { $0.name == name })
        #expect(!command.examples.isEmpty)
        for example in command.examples {
            let words = CommandTableTests.words(example.line)
            let start = try #require(words.indices.first { words[$0] == "dropwire" && words[$0 + 1] == name })
            let own = words[(start + 2)...].prefix { !["|", "&&", ">>"].contains($0) }
            let parsed = try #require(try ParsedArguments(Array(own), of: command))
            let actions = command.actions.filter(\.isWord).map(\.name)
            if actions.count == command.actions.count, let action = actions.first.map({ _ in parsed.operands.first }) {
                #expect(actions.contains(action ?? ""), "\(example.line)")
            }
            #expect(example.purpose.hasSuffix(".") && example.purpose.first?.isUppercase == true)
        }
    }

    /// The words of a line of a shell; quotes hold some together.
    private static func words(_ line: String) -> [String] {
        line.split(separator: "\"", omittingEmptySubsequences: false).enumerated().flatMap { index, part in
            index % 2 == 1 ? [String(part)] : part.split { " ()<".contains($0) }.map(String.init)
        }
    }

    @Test func `help tells of every action, option and exit code of a command`() {
        for command in Dropwire.commands {
            let help = Help.command(command)
            for action in command.actions { #expect(help.contains("\n\(action.form) ")) }
            for option in command.options { #expect(help.contains("\n  \(option.name) ")) }
            if let failure = command.failure { #expect(help.contains("\nExit code 1 \(failure).")) }
        }
    }

    @Test func `what can be offered for an operand is read from its name`() throws {
        func operands(_ text: String) -> [Command.Operand] {
            Command(name: "x", summary: "", operands: text, run: { _ in 0 }).offeredOperands
        }
        #expect(operands("[--offline FILE…]") == [Command.Operand(name: "FILE", kind: .file, isRepeated: true)])
        #expect(operands("FILE|ID").map(\.kind) == [.file])
        #expect(operands("[DIR]") == [Command.Operand(name: "DIR", kind: .directory, isRepeated: false)])
        #expect(operands("SOURCE URI").map(\.kind) == [.text, .text])
        #expect(operands("[COMMAND|x.toml]").map(\.kind) == [.choice(Dropwire.commands.map(\.name) + ["x.toml"])])
    }

    @Test func `the sample that is built in is the one in Config, and nothing of it is passed over`() throws {
        let text = try String(contentsOfFile: CommandTableTests.sample, encoding: .utf8)
        let sample = SampleConfiguration.embedded
        #expect(PackageResources.dropwire_toml == Array(text.utf8))
        #expect(sample.introduction.hasPrefix("The configuration of dropwire,"))
        // Every word of the file is in the introduction, a table or a piece.
        var found = sample.introduction.count { $0.isLetter }
        for table in sample.tables {
            found += (table.name + table.explanation).count { $0.isLetter }
            for piece in table.pieces {
                switch piece {
                case .heading(let text), .text(let text): found += text.count { $0.isLetter }
                case .keys(let keys, let text):
                    #expect(!keys.isEmpty)
                    found += (keys.map { $0.name + $0.value }.joined() + text).count { $0.isLetter }
                }
            }
        }
        #expect(found == text.count { $0.isLetter })
        let drop = try #require(sample.tables.first { $0.name == "[[watch.drop]]" })
        #expect(
            drop.pieces.contains(
                .keys(
                    [
                        SampleConfiguration.Key(name: "recursive", value: "true"),
                        SampleConfiguration.Key(name: "max_depth", value: "16"),
                    ], "Whether directories below are scanned, and how deep.")))
    }
}
