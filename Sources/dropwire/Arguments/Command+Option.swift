extension Command {
    /// An option of a command.
    struct Option: Sendable {
        /// With its dashes, for example `--config`.
        let name: String
        /// What its value is; nil for a flag without one.
        let value: Value?
        let help: String

        /// A flag.
        init(_ name: String, _ help: String) { self.init(name, nil, help) }

        /// An option with a value.
        init(_ name: String, _ value: Value?, _ help: String) {
            self.name = name
            self.value = value
            self.help = help
        }

        /// Options that several commands have.
        static let config = Option("--config", "FILE", "read the configuration from FILE")
        static let json = Option("--json", "print one JSON object a line")
    }
}
