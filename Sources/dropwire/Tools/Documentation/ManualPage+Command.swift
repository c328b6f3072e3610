extension ManualPage {
    /// The title of the section that the pages of commands stand in.
    private static let manual = "Dropwire Manual"

    /// dropwire(1).
    static func program(_ commands: [Command], date: String) -> ManualPage {
        var page = ManualPage(name: "dropwire", section: 1, manual: manual, date: date)
        page.section("NAME")
        page.raw("dropwire \\- turn files dropped in a folder into articles on a wire")
        page.section("SYNOPSIS")
        page.raw("\(bold("dropwire")) \(italic("COMMAND")) [\(italic("OPTION"))\\[u2026]]")
        page.section("DESCRIPTION")
        page.paragraphs(
            """
            \(Help.purpose) A watcher takes files of many formats from drop directories, makes articles of them and \
            writes these to a log that nothing falls out of; workers deduplicate, index and summarize them; a status \
            service keeps what became of each.

            The roles run as services of systemd, or all in one terminal as `dropwire up`. The other commands are tools.
            """, isFirst: true)
        page.section("COMMANDS")
        for command in commands {
            page.entry([bold(command.name)], "\(Help.sentence(command.summary)) See dropwire-\(command.name)(1).")
        }
        page.section("OPTIONS")
        page.entry([bold("--help")], "Print the commands; behind a command, what it takes.")
        page.entry([bold("--version")], "Print the version.")
        page.exitStatus(failure: nil)
        page.list("ENVIRONMENT", Surroundings.environment)
        page.list("FILES", Surroundings.files)
        page.section("EXAMPLES")
        page.examples([
            Command.Example("dropwire up --demo", "See it all at work with sample articles."),
            Command.Example("dropwire up --drop incoming", "Watch a folder, without any configuration."),
            Command.Example("dropwire status", "See how the services of this machine are."),
        ])
        page.seeAlso(["dropwire.toml(5)"] + commands.map { "dropwire-\($0.name)(1)" })
        return page
    }

    /// dropwire-COMMAND(1).
    static func command(_ command: Command, date: String) -> ManualPage {
        let name = "dropwire-\(command.name)"
        var page = ManualPage(name: name, section: 1, manual: manual, date: date)
        page.section("NAME")
        page.raw("\(escaped(name)) \\- \(escaped(command.summary))")
        page.section("SYNOPSIS")
        let head = "\(bold("dropwire")) \(bold(command.name)) [\(italic("OPTION"))\\[u2026]]"
        let forms = command.actions.map(form) + (command.actions.isEmpty ? [operands(command.operands ?? "")] : [])
        page.raw(forms.map { $0.isEmpty ? head : "\(head) \($0)" }.joined(separator: "\n.br\n"))
        page.section("DESCRIPTION")
        page.paragraphs(Help.sentence(command.summary), isFirst: true)
        for action in command.actions {
            page.entry([form(action)], Help.sentence(action.help))
        }
        if !command.explanation.isEmpty { page.paragraphs(command.explanation) }
        page.section("OPTIONS")
        for option in command.allOptions {
            page.entry([ManualPage.option(option)], Help.sentence(option.help) + choices(of: option))
        }
        page.exitStatus(failure: command.failure)
        page.list("ENVIRONMENT", Surroundings.entries(Surroundings.environment, of: command))
        page.list("FILES", Surroundings.entries(Surroundings.files, of: command))
        if !command.examples.isEmpty {
            page.section("EXAMPLES")
            page.examples(command.examples)
        }
        page.seeAlso(related(to: command))
        return page
    }

    /// Adds entries under a title; nothing where there are none.
    private mutating func list(_ title: String, _ entries: [Surroundings.Entry]) {
        guard !entries.isEmpty else { return }
        section(title)
        for entry in entries { self.entry([ManualPage.bold(entry.name)], entry.help) }
    }

    private mutating func exitStatus(failure: String?) {
        section("EXIT STATUS")
        for (code, meaning) in Surroundings.exitCodes {
            let also = code == ExitCode.failed ? failure.map { " Also \($0)." } ?? "" : ""
            entry([ManualPage.bold("\(code)")], meaning + also)
        }
    }

    private mutating func examples(_ examples: [Command.Example]) {
        for (index, example) in examples.enumerated() {
            paragraphs(example.purpose, isFirst: index == 0)
            self.example([example.line])
        }
    }

    /// Adds the pages that are worth reading next.
    mutating func seeAlso(_ pages: [String]) {
        section("SEE ALSO")
        raw(pages.map { "\(ManualPage.bold(String($0.dropLast(3))))\($0.suffix(3))" }.joined(separator: ",\n"))
    }

    /// An action as a synopsis has it.
    private static func form(_ action: Command.Action) -> String {
        let name = action.isWord ? bold(action.name) : operands(action.name)
        return action.operands.isEmpty ? name : "\(name) \(operands(action.operands))"
    }

    /// What the value of an option may be, where its help does not say that.
    private static func choices(of option: Command.Option) -> String {
        guard case .choice(let words)? = option.value?.kind, !words.allSatisfy(option.help.contains) else { return "" }
        return " It is one of \(words.map { "`\($0)`" }.joined(separator: ", "))."
    }

    /// The program's page, that of the configuration, and those of the commands that the explanation speaks of.
    private static func related(to command: Command) -> [String] {
        let texts = [command.explanation] + command.actions.map(\.help) + command.options.map(\.help)
        let mentioned = Dropwire.commands.map(\.name).filter { name in
            name != command.name && texts.contains { $0.contains("`dropwire \(name)") }
        }
        let readsConfiguration = command.options.contains { $0.name == "--config" }
        return ["dropwire(1)"] + (readsConfiguration ? ["dropwire.toml(5)"] : [])
            + mentioned.map { "dropwire-\($0)(1)" }
    }
}
