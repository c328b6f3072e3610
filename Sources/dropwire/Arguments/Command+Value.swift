extension Command {
    /// A word of a command line that whoever types it chooses: the value of an option, or an operand.
    struct Value: Sendable, ExpressibleByStringLiteral {
        /// What it may be.
        enum Kind: Sendable, Equatable {
            case text
            case file
            case directory
            /// One of these words.
            case choice([String])
        }

        /// What it is called in the help.
        let name: String
        let kind: Kind

        /// Makes a value that its name tells the kind of: FILE and PATH, DIR, or any text.
        init(_ name: String) {
            self.name = name
            kind =
                switch name {
                case "FILE", "PATH": .file
                case "DIR": .directory
                default: .text
                }
        }

        /// Makes a value that is one of a few words.
        init(_ name: String, of choices: [String]) {
            self.name = name
            kind = .choice(choices)
        }

        init(stringLiteral name: String) { self.init(name) }
    }
}
