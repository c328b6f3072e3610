/// The completion of zsh, by its own `_arguments`.
enum ZshCompletion {
    /// Writes the script.
    static func script(_ commands: [Command]) -> String {
        let named = commands.map { "        " + quoted("\($0.name):\($0.summary)") }.joined(separator: "\n")
        return """
            #compdef dropwire
            # zsh completion of dropwire, made by `dropwire completion zsh`

            _dropwire_commands() {
                local -a commands=(
            \(named)
                )
                _describe -t commands 'command' commands
            }

            _dropwire() {
                local curcontext=$curcontext state
                local -a line
                typeset -A opt_args
                _arguments -C \\
                    '(- *)--help[print the commands]' \\
                    '(- *)--version[print the version]' \\
                    '1:command:_dropwire_commands' \\
                    '*:: :->arguments' && return
                [[ $state == arguments ]] || return
                curcontext=${curcontext%:*:*}:dropwire-$line[1]:
                case $line[1] in
                    help) _arguments '1:command:_dropwire_commands' ;;
            \(commands.map(block).joined(separator: "\n"))
                esac
            }

            # Loaded by the completion system it is run at once; read as a file it says what it completes.
            if [[ $funcstack[1] == _dropwire ]]; then
                _dropwire "$@"
            else
                compdef _dropwire dropwire
            fi

            """
    }

    /// What is offered behind one command.
    private static func block(_ command: Command) -> String {
        let specifications = command.allOptions.map(specification) + places(command)
        let arguments = specifications.map { "                " + quoted($0) }.joined(separator: " \\\n")
        return "        \(command.name))\n            _arguments -S \\\n\(arguments)\n            ;;"
    }

    private static func specification(_ option: Command.Option) -> String {
        let head = option.help.contains("may be repeated") ? "*" : ""
        let help = "[\(option.help.replacing("[", with: "\\[").replacing("]", with: "\\]"))]"
        guard let value = option.value else { return "\(head)\(option.name)\(help)" }
        return "\(head)\(option.name)=\(help):\(escaped(value.name)):\(offer(value.kind))"
    }

    private static func places(_ command: Command) -> [String] {
        let actions = command.actions.filter(\.isWord)
        guard actions.isEmpty else {
            let list = actions.map { "\($0.name)\\:\(doubleQuoted($0.help))" }.joined(separator: " ")
            return ["1:action:((\(list)))", "*: :\(nothing)"]
        }
        return command.offeredOperands.enumerated().map { index, operand in
            let offered = operand.kind == .text ? nothing : offer(operand.kind)
            return "\(operand.isRepeated ? "*" : "\(index + 1)"):\(escaped(operand.name)):\(offered)"
        }
    }

    /// What stands for an operand that cannot be offered. A message in its place would keep options from being completed.
    private static let nothing = "()"

    private static func offer(_ kind: Command.Value.Kind) -> String {
        switch kind {
        case .text: " "
        case .file: "_files"
        case .directory: "_files -/"
        case .choice(let words): "(\(words.joined(separator: " ")))"
        }
    }

    private static func escaped(_ text: String) -> String { text.replacing(":", with: "\\:") }

    /// A word that the shell reads as it stands.
    private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: #"'\''"#))'" }

    /// A description in a list of words, which `_arguments` reads once more.
    private static func doubleQuoted(_ text: String) -> String {
        let safe = text.map { #""\$`:"#.contains($0) ? "\\\($0)" : "\($0)" }.joined()
        return "\"\(safe)\""
    }
}
