/// A subcommand: what it is called, what it takes, and what it does.
///
/// Help, manual pages and completions of shells are all made from it.
struct Command: Sendable {
    let name: String
    /// One line for the list of commands.
    let summary: String
    /// What the first operand says to do; empty where the command does one thing.
    let actions: [Action]
    /// What the help says beyond that, wrapped at 100 columns: paragraphs, parted by empty lines. What is indented stays
    /// as it is, and what stands in backticks is for the machine.
    let explanation: String
    let options: [Option]
    /// What follows the options, and the action, in the usage line, for example `FILE…`; nil where nothing may.
    let operands: String?
    /// When it ends with 1 though nothing broke, as "where …"; nil where that does not happen.
    let failure: String?
    let examples: [Example]
    let run: @Sendable (ParsedArguments) throws -> Int32

    /// A command line as it could be typed.
    struct Example: Sendable {
        let line: String
        /// What it is for, as a sentence.
        let purpose: String

        init(_ line: String, _ purpose: String) {
            self.line = line
            self.purpose = purpose
        }
    }

    init(
        name: String, summary: String, actions: [Action] = [], explanation: String = "", options: [Option] = [],
        operands: String? = nil, failure: String? = nil, examples: [Example] = [],
        run: @escaping @Sendable (ParsedArguments) throws -> Int32
    ) {
        self.name = name
        self.summary = summary
        self.actions = actions
        self.explanation = explanation
        self.options = options
        self.operands = operands
        self.failure = failure
        self.examples = examples
        self.run = run
    }

    /// What follows the options in the usage line; nil where nothing may.
    var usage: String? {
        let words = [actions.map(\.name).joined(separator: "|"), operands ?? ""].filter { !$0.isEmpty }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    /// Its options with the one that every command has.
    var allOptions: [Option] { options + [Option("--help", "print this")] }
}
