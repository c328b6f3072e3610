extension Command {
    static let completion = Command(
        name: "completion",
        summary: "print the script by which a shell completes command lines",
        actions: [
            Command.Action("bash", "for bash, 4.4 or later"),
            Command.Action("zsh", "for zsh, 5 or later"),
            Command.Action("fish", "for fish, 3 or later"),
        ],
        explanation: """
            Debian's package installs all three. Elsewhere the script goes where the shell looks for it:
              /usr/share/bash-completion/completions/dropwire
              /usr/share/zsh/vendor-completions/_dropwire
              /usr/share/fish/vendor_completions.d/dropwire.fish
            """,
        examples: [Command.Example("source <(dropwire completion bash)", "Try it in this shell.")],
        run: { try CompletionTool.run($0) })
}

/// `dropwire completion`.
enum CompletionTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard arguments.operands.count == 1 else { throw UsageError("bash, zsh or fish is asked for") }
        let script: String
        switch arguments.operands[0] {
        case "bash": script = BashCompletion.script(Dropwire.commands)
        case "zsh": script = ZshCompletion.script(Dropwire.commands)
        case "fish": script = FishCompletion.script(Dropwire.commands)
        default: throw UsageError("'\(arguments.operands[0])' is none of bash, zsh and fish")
        }
        Output.bytes(Array(script.utf8))
        return ExitCode.done
    }
}

extension Command {
    /// Patterns of shells for `COMMAND OPTION` where the option has a value: `'* --config'`, or `'man --all'` where other
    /// commands have a flag of that name.
    static func patternsOfOptionsWithValue(_ commands: [Command]) -> [String] {
        let flags = Set(commands.flatMap(\.options).filter { $0.value == nil }.map(\.name))
        let patterns = commands.flatMap { command in
            command.options.filter { $0.value != nil }.map { option in
                flags.contains(option.name) ? "'\(command.name) \(option.name)'" : "*' \(option.name)'"
            }
        }
        return Set(patterns).sorted()
    }
}
