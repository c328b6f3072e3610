extension Command {
    /// What the first operand of a command may be, and what happens then.
    struct Action: Sendable {
        /// The word itself, or in capitals what stands for it.
        let name: String
        /// What follows it, for example `NAME…`; empty where nothing does.
        let operands: String
        let help: String

        init(_ name: String, _ help: String) { self.init(name, "", help) }

        /// An action on something.
        init(_ name: String, _ operands: String, _ help: String) {
            self.name = name
            self.operands = operands
            self.help = help
        }

        /// As the help lists it.
        var form: String { operands.isEmpty ? name : "\(name) \(operands)" }

        /// It is called by this very word, which a shell can offer.
        var isWord: Bool { name.allSatisfy { $0.isLowercase || $0 == "-" } }
    }
}
