import Articles
import FoundationEssentials
import Glibc
import Linux
import TestSupport
import Testing

@testable import dropwire

private func isThere(_ path: String) -> Bool { access(path, R_OK) == 0 }
private let bashCompletion = "/usr/share/bash-completion/bash_completion"

/// Completions in the shells themselves, as somebody types at them.
@Suite(.timeLimit(.minutes(20))) struct CompletionTests {
    private let scratch: ScratchDirectory

    init() throws {
        scratch = try ScratchDirectory()
        for folder in ["here/some folder", "data/bash-completion/completions", "functions"] {
            try scratch.makeDirectory(folder)
        }
        try scratch.write("", to: "here/settings.toml")
        try scratch.write("", to: "here/story 1.xml")
    }

    /// What is typed, and all that can be the last word then.
    private static let cases: [(typed: String, offered: [String])] = [
        ("dropwire quar", ["quarantine"]),
        ("dropwire che", ["check-config"]),
        ("dropwire --ver", ["--version"]),
        ("dropwire help sub", ["submit"]),
        ("dropwire quarantine ", ["list", "show", "retry", "discard"]),
        ("dropwire quarantine ret", ["retry"]),
        ("dropwire quarantine retry --old", ["--older-than"]),
        ("dropwire quarantine --all re", ["retry"]),
        ("dropwire quarantine --source --all ", ["list", "show", "retry", "discard"]),
        ("dropwire token --role operate rem", ["remove"]),
        ("dropwire token --role=operate rem", ["remove"]),
        ("dropwire search --sort ", ["relevance", "date", "arrival"]),
        ("dropwire tail --stream un", ["unique"]),
        ("dropwire status --inter", ["--interval"]),
        ("dropwire completion f", ["fish"]),
        ("dropwire man dropwire.", ["dropwire.toml"]),
        ("dropwire check-config --config se", ["settings.toml"]),
        ("dropwire submit --to bbc settings.toml se", ["settings.toml"]),
        // Not the file: a directory is asked for.
        ("dropwire man --all s", ["some folder/"]),
        ("dropwire backup s", ["some folder/"]),
    ]

    private func script(_ shell: String, to name: String) throws {
        let made = try BuiltProgram.run(["completion", shell])
        #expect(made.ending == .exited(0), "\(made.errorOutput)")
        try scratch.write(made.output, to: name)
    }

    /// Plays somebody who types at a shell on a terminal; returns what stood on it after each step that waits.
    private func play(_ shell: [String], _ steps: [[String]]) throws -> [String] {
        var writer = JSONWriter()
        JSONValue.array(steps.map { .array($0.map { .string($0) }) }).write(to: &writer)
        let user = BuiltProgram.sourceRoot + "/Tests/ProcessTests/Terminal/user.py"
        let process = try TestedProcess(
            name: shell[0],
            command: ["/usr/bin/python3", user, String(decoding: writer.bytes, as: UTF8.self)] + shell,
            environment: [
                "HOME": scratch.path, "XDG_DATA_HOME": scratch.path("data"), "TERM": "dumb", "LC_ALL": "C.UTF-8",
            ])
        try process.waitUntilEnded(within: .seconds(120))
        #expect(process.ending == .exited(0), "\(process.errorOutput)")
        let told = try JSONValue.read(process.output)
        return (told["screens"]?.arrayValue ?? []).compactMap(\.stringValue)
    }

    /// Types every case at a prompt, and sees what is offered: what is the only one is written out.
    private func typeCases(_ shell: [String], setUp: [[String]]) throws {
        var steps = setUp
        for (typed, offered) in CompletionTests.cases {
            // Control-U takes the line away.
            steps.append(["type", "\u{15}\(typed)\t"])
            for word in offered {
                let isWhole = offered.count == 1
                let rest = isWhole ? typed.split(separator: " ", omittingEmptySubsequences: false).last! : ""
                let seen = word.replacing(" ", with: "\\ ")
                steps.append(["see", isWhole ? String(typed.dropLast(rest.count)) + seen : word])
            }
        }
        _ = try play(shell, steps + [["type", "\u{15}exit\n"]])
    }

    @Test(.enabled(if: isThere(bashCompletion), "bash-completion is not there"))
    func `bash completes commands, actions, options, their values, files and directories`() throws {
        // Found and loaded by bash-completion when the first word is completed.
        try script("bash", to: "data/bash-completion/completions/dropwire")
        try typeCases(
            ["/bin/bash", "--noprofile", "--norc", "-i"],
            setUp: [
                ["type", "source \(bashCompletion); bind 'set show-all-if-ambiguous on'\n"],
                ["type", "bind 'set enable-bracketed-paste off'; bind 'set completion-query-items 0'\n"],
                ["type", "cd '\(scratch.path("here"))'; echo re''ady\n"], ["see", "ready"],
            ])
    }

    @Test func `bash offers nothing but what fits`() throws {
        try script("bash", to: "dropwire.bash")
        for (typed, offered) in CompletionTests.cases where !offered.contains(where: { $0.contains(/[.\/]/) }) {
            // As readline parts words.
            let words = typed.replacing("=", with: " = ").split(separator: " ", omittingEmptySubsequences: false)
            let process = try TestedProcess(
                name: "bash",
                command: [
                    "/bin/bash", "--norc", "-c",
                    #"source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dropwire; printf '%s\n' "${COMPREPLY[@]}""#,
                    scratch.path("dropwire.bash"),
                ] + words.map(String.init))
            #expect(try process.waitUntilEnded() == .exited(0))
            #expect(process.errorOutput.isEmpty, "\(process.errorOutput)")
            #expect(Set(process.output.split(separator: "\n").map(String.init)) == Set(offered), "\(typed)")
        }
    }

    @Test(.enabled(if: isThere("/usr/bin/zsh"), "zsh is not there"))
    func `zsh completes commands, actions, options, their values, files and directories`() throws {
        // Found and loaded by its completion system.
        try script("zsh", to: "functions/_dropwire")
        try typeCases(
            ["/usr/bin/zsh", "-f", "-i"],
            setUp: [
                ["type", "unset zle_bracketed_paste; PS1='% '; fpath=('\(scratch.path("functions"))' $fpath)\n"],
                ["type", "autoload -Uz compinit; compinit -u -D; cd '\(scratch.path("here"))'; echo re''ady\n"],
                ["see", "ready"],
            ])
    }

    @Test(.enabled(if: isThere("/usr/bin/fish"), "fish is not there"))
    func `fish offers what fits and nothing else`() throws {
        try script("fish", to: "dropwire.fish")
        for (typed, offered) in CompletionTests.cases {
            let process = try TestedProcess(
                name: "fish",
                command: [
                    "/usr/bin/fish", "--no-config", "-c",
                    "source $argv[1]; cd $argv[2]; complete -C $argv[3]", scratch.path("dropwire.fish"),
                    scratch.path("here"), typed,
                ],
                environment: ["HOME": scratch.path, "LC_ALL": "C.UTF-8"])
            #expect(try process.waitUntilEnded() == .exited(0))
            #expect(process.errorOutput.isEmpty, "\(process.errorOutput)")
            let words = process.output.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
            // What stands before the value is a part of the word.
            let names = words.map { $0.split(separator: "=").last.map(String.init) ?? "" }
            #expect(Set(names) == Set(offered), "\(typed)")
        }
    }

    @Test(arguments: [("zsh", "/usr/bin/zsh"), ("fish", "/usr/bin/fish"), ("bash", "/bin/bash")])
    func `the script is one that the shell reads, with every command and option`(name: String, path: String) throws {
        try script(name, to: name)
        if isThere(path) {
            let process = try TestedProcess(name: name, command: [path, "-n", scratch.path(name)])
            #expect(try process.waitUntilEnded() == .exited(0), "\(process.errorOutput)")
        }
        let text = String(decoding: try #require(scratch.read(name)), as: UTF8.self)
        for command in Dropwire.commands {
            #expect(text.contains(command.name))
            for option in command.options {
                #expect(text.contains(name == "fish" ? " -l \(option.name.dropFirst(2)) " : option.name))
            }
        }
    }

    @Test func `a shell that is not known is named`() throws {
        let process = try BuiltProgram.run(["completion", "csh"])
        #expect(process.ending == .exited(64) && process.errorOutput.contains("csh"))
    }
}
