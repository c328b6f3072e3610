/// The texts of `--help`.
enum Help {
    /// What the program does, in one line.
    static let purpose = "Files dropped in a folder come out as articles on a wire."

    /// Of the program: what it is and its commands.
    static func program(_ commands: [Command]) -> String {
        let width = (commands.map(\.name.count).max() ?? 0) + 2
        let list = commands.map { "  " + pad($0.name, to: width) + $0.summary }
        return """
            usage: dropwire COMMAND [OPTION…]

            \(purpose)

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
        if let usage = command.usage { text += " \(usage)" }
        text += "\n\n" + sentence(command.summary)
        if !command.actions.isEmpty {
            text += "\n\n" + table(command.actions.map { ($0.form, $0.help) }, indentation: "")
        }
        if !command.explanation.isEmpty { text += "\n\n" + command.explanation }
        if let failure = command.failure { text += "\n\nExit code 1 \(failure)." }
        let options = command.allOptions.map { ($0.name + ($0.value.map { " " + $0.name } ?? ""), $0.help) }
        text += "\n\noptions:\n" + table(options, indentation: "  ")
        if !command.examples.isEmpty {
            let examples = command.examples.map { "  # \($0.purpose)\n  \($0.line)" }
            text += "\n\nexamples:\n" + examples.joined(separator: "\n")
        }
        return text
    }

    /// The summary of a command as a sentence.
    static func sentence(_ summary: String) -> String { summary.prefix(1).uppercased() + summary.dropFirst() + "." }

    private static func table(_ rows: [(String, String)], indentation: String) -> String {
        let width = (rows.map(\.0.count).max() ?? 0) + 2
        return rows.map { indentation + pad($0, to: width) + $1 }.joined(separator: "\n")
    }

    /// Fills a text with spaces up to a width in characters.
    static func pad(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
