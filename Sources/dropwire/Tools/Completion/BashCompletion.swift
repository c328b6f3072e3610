/// The completion of bash. It needs nothing of the package bash-completion, which finds and loads it.
enum BashCompletion {
    /// Writes the script.
    static func script(_ commands: [Command]) -> String {
        let valued = Command.patternsOfOptionsWithValue(commands).joined(separator: " | ")
        return """
            # bash completion of dropwire, made by `dropwire completion bash`
            # shellcheck shell=bash

            _dropwire() {
                local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
                local index position=0 action='' options='' kind='' words='' is_value=''
                COMPREPLY=()
                if ((COMP_CWORD == 1)); then
                    mapfile -t COMPREPLY < <(compgen -W '\(names(commands)) help --help --version' -- "$current")
                    return
                fi
                # Readline parts words at "=": of --option=VALUE it makes three.
                if [[ $current == = ]]; then
                    current=''
                elif [[ $before == = ]]; then
                    before=${COMP_WORDS[COMP_CWORD - 2]}
                fi
                # What stands between the command and the cursor and belongs to no option.
                for ((index = 2; index < COMP_CWORD; index++)); do
                    case "$command ${COMP_WORDS[index]}" in
                        *' =') ((index++)) ;;
                        \(valued)) [[ ${COMP_WORDS[index + 1]} == = ]] || ((index++)) ;;
                        *' -'?*) ;;
                        *) ((position++)) || action=${COMP_WORDS[index]} ;;
                    esac
                done
                case $command in
                    help) ((position == 0)) && words='\(names(commands))' ;;
            \(commands.map(block).joined(separator: "\n"))
                esac
                if [[ ! $is_value && $current == -* ]]; then
                    kind='' words=$options
                fi
                # Readline itself knows best how names of files are quoted.
                case $kind in
                    file) compopt -o default ;;
                    directory) compopt -o dirnames ;;
                    *) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current") ;;
                esac
            }
            complete -F _dropwire dropwire

            """
    }

    private static func names(_ commands: [Command]) -> String { commands.map(\.name).joined(separator: " ") }

    /// What is offered behind one command.
    private static func block(_ command: Command) -> String {
        var lines = ["options='\(command.allOptions.map(\.name).joined(separator: " "))'", "case $before in"]
        var groups: [(settings: String, options: [String])] = []
        for option in command.options {
            guard let value = option.value else { continue }
            let settings = "is_value=yes\(settings(value.kind))"
            if let same = groups.firstIndex(where: { $0.settings == settings }) {
                groups[same].options.append(option.name)
            } else {
                groups.append((settings, [option.name]))
            }
        }
        for group in groups { lines.append("    \(group.options.joined(separator: " | "))) \(group.settings) ;;") }
        let places = places(command)
        if !places.isEmpty {
            lines += ["    *)", "        case $position in"] + places.map { "            \($0) ;;" }
            lines += ["        esac", "        ;;"]
        }
        lines += ["esac", ";;"]
        return "        \(command.name))\n" + lines.map { "            " + $0 }.joined(separator: "\n")
    }

    private static func places(_ command: Command) -> [String] {
        let actions = command.actions.filter(\.isWord).map(\.name)
        if !actions.isEmpty { return ["0) words='\(actions.joined(separator: " "))'"] }
        return command.offeredOperands.enumerated().compactMap { index, operand in
            guard operand.kind != .text else { return nil }
            return "\(operand.isRepeated ? "*" : "\(index)"))\(settings(operand.kind))"
        }
    }

    private static func settings(_ kind: Command.Value.Kind) -> String {
        switch kind {
        case .text: ""
        case .file: " kind=file"
        case .directory: " kind=directory"
        case .choice(let words): " words='\(words.joined(separator: " "))'"
        }
    }
}
