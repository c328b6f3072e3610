/// The texts of `--help`.
enum Help {
    /// Of the program: what it is and its commands.
    static func program(_ commands: [Command]) -> String {
        let width = (commands.map(\.name.count).max() ?? 0) + 2
        let list = commands.map { "  " + pad($0.name, to: width) + $0.summary }
        return """
            usage: dropwire COMMAND [OPTION…]

            Files dropped in a folder come out as articles on a wire.

            \(list.joined(separator: "\n"))

            `dropwire COMMAND --help` tells what a command takes; `dropwire up --demo` shows it all at work.
            Configuration: --config FILE, else $DROPWIRE_CONFIG, else that of a running `dropwire up`, else
            \(Configuration.defaultPath).
            """
    }

    /// Of a command.
    static func command(_ command: Command) -> String {
        var text = "usage: dropwire \(command.name)"
        if !command.options.isEmpty { text += " [OPTION…]" }
        if let operands = command.operands { text += " \(operands)" }
        text += "\n\n" + command.summary.prefix(1).uppercased() + command.summary.dropFirst() + "."
        if !command.explanation.isEmpty { text += "\n\n" + command.explanation }
        let options = command.options + [Command.Option("--help", "print this")]
        let names = options.map { $0.name + ($0.value.map { " " + $0 } ?? "") }
        let width = (names.map(\.count).max() ?? 0) + 2
        text += "\n\noptions:\n"
        return text + zip(names, options).map { "  " + pad($0, to: width) + $1.help }.joined(separator: "\n")
    }

    /// Fills a text with spaces up to a width in characters.
    static func pad(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
