/// A subcommand: what it is called, what it takes, and what it does.
struct Command: Sendable {
    /// An option of a command.
    struct Option: Sendable {
        /// With its dashes, for example `--config`.
        let name: String
        /// What its value is called in the help; nil for a flag without one.
        let value: String?
        let help: String

        /// A flag.
        init(_ name: String, _ help: String) { self.init(name, nil, help) }

        /// An option with a value.
        init(_ name: String, _ value: String?, _ help: String) {
            self.name = name
            self.value = value
            self.help = help
        }

        /// Options that several commands have.
        static let config = Option("--config", "FILE", "read the configuration from FILE")
        static let json = Option("--json", "print one JSON object a line")
    }

    let name: String
    /// One line for the list of commands.
    let summary: String
    /// What the help says beyond that, wrapped at 80 columns.
    let explanation: String
    let options: [Option]
    /// What follows the options in the usage line, for example `FILE…`; nil where nothing may.
    let operands: String?
    let run: @Sendable (ParsedArguments) throws -> Int32

    init(
        name: String, summary: String, explanation: String = "", options: [Option] = [], operands: String? = nil,
        run: @escaping @Sendable (ParsedArguments) throws -> Int32
    ) {
        self.name = name
        self.summary = summary
        self.explanation = explanation
        self.options = options
        self.operands = operands
        self.run = run
    }
}
