/// The completion of fish: a line for everything that can be offered, with the condition under which it is.
enum FishCompletion {
    /// Writes the script.
    static func script(_ commands: [Command]) -> String {
        let valued = Command.patternsOfOptionsWithValue(commands).map { $0.replacing("*'", with: "'*") }
            .joined(separator: " ")
        var lines = [
            """
            # fish completion of dropwire, made by `dropwire completion fish`

            function __dropwire_at --description 'Whether a command is typed, with so many operands behind it'
                set -l words (commandline -opc)
                if test (count $argv) -eq 0
                    test (count $words) -eq 1
                    return
                end
                test (count $words) -gt 1; and test $words[2] = $argv[1]; or return 1
                set -q argv[2]; or return 0
                set -l operands 0
                set -l is_value no
                for word in $words[2..-1]
                    if test $is_value = yes
                        set is_value no
                        continue
                    end
                    switch "$words[2] $word"
                        case \(valued)
                            set is_value yes
                        case '* -?*'
                        case '*'
                            set operands (math $operands + 1)
                    end
                end
                # The first of them is the command.
                test $operands -eq (math $argv[2] + 1)
            end

            complete -c dropwire -f
            """
        ]
        lines += commands.map { offer("", "-a \($0.name)", $0.summary) }
        lines.append(offer("", "-a help", "print the commands, or what one of them takes"))
        lines.append(offer("", "-l help", "print the commands"))
        lines.append(offer("", "-l version", "print the version"))
        lines.append(offer(" help 0", "-a \(quoted(commands.map(\.name).joined(separator: " ")))", nil))
        for command in commands { lines += block(command) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What is offered behind one command.
    private static func block(_ command: Command) -> [String] {
        var lines = command.actions.filter(\.isWord).map { offer(" \(command.name) 0", "-a \($0.name)", $0.help) }
        for (index, operand) in command.offeredOperands.enumerated() where operand.kind != .text {
            let place = operand.isRepeated ? "" : " \(index)"
            lines.append(offer(" \(command.name)\(place)", arguments(operand.kind), nil))
        }
        for option in command.allOptions {
            let value = option.value.map { $0.kind == .file ? " -r -F" : " -x \(arguments($0.kind))" } ?? ""
            lines.append(offer(" \(command.name)", "-l \(option.name.dropFirst(2))\(value)", option.help))
        }
        return lines
    }

    private static func arguments(_ kind: Command.Value.Kind) -> String {
        switch kind {
        case .text: ""
        case .file: "-F"
        case .directory: "-a '(__fish_complete_directories)'"
        case .choice(let words): "-a \(quoted(words.joined(separator: " ")))"
        }
    }

    private static func offer(_ place: String, _ what: String, _ help: String?) -> String {
        let condition = place.isEmpty ? "__dropwire_at" : "'__dropwire_at\(place)'"
        return "complete -c dropwire -n \(condition) \(what)" + (help.map { " -d \(quoted($0))" } ?? "")
    }

    /// A word that the shell reads as it stands.
    private static func quoted(_ text: String) -> String {
        "'\(text.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
    }
}
