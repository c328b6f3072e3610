import Articles
import Glibc
import Messaging
import Status

extension Command {
    static let token = Command(
        name: "token",
        summary: "make, list and remove tokens for the status page and its API",
        actions: [
            Command.Action("add", "NAME", "make a token and print it, once: the file has its digest only"),
            Command.Action("list", "the names, and what each may do"),
            Command.Action("remove", "NAME", "take one away, which ends the sessions of browsers signed in with it"),
        ],
        explanation: """
            The file is that of tokens in [status], or FILE; the service reads it again when it has
            changed.
            """,
        options: [
            Command.Option(
                "--role", Command.Value("ROLE", of: ["read", "operate"]),
                "read (the default), or operate: to retry, discard and change"),
            Command.Option("--file", "FILE", "the file with the tokens"), .config, .json,
        ], operands: "[NAME]",
        examples: [Command.Example("dropwire token add --role operate anna", "Let somebody retry and discard.")],
        run: { try TokenTool.run($0) })
}

/// `dropwire token`.
enum TokenTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        let words = arguments.operands
        guard let action = words.first, ["add", "list", "remove"].contains(action) else {
            throw UsageError("say add, list or remove")
        }
        guard action == "add" || !arguments.has("--role") else { throw UsageError("--role is for add") }
        let file = try TokenFile(path: path(arguments))
        let isJSON = arguments.has("--json")
        guard action != "list" else {
            guard words.count == 1 else { throw UsageError("list takes no NAME") }
            for entry in try file.read().entries { Output.line(isJSON ? json(entry) : line(entry)) }
            return ExitCode.done
        }
        guard words.count == 2, TokenList.isName(words[1]) else {
            throw UsageError("\(action) takes one NAME; \(TokenList.nameRule)")
        }
        let name = words[1]
        guard action == "add" else {
            try file.remove(name)
            if isJSON { Output.line(Reply { $0.field("removed", name) }.json) } else { Output.line("removed \(name)") }
            return ExitCode.done
        }
        guard let role = AccessRole(word: arguments.value("--role") ?? "read") else {
            throw UsageError("--role is read or operate")
        }
        add(try file.add(name, role: role), name, role, file, isJSON: isJSON)
        return ExitCode.done
    }

    private static func path(_ arguments: ParsedArguments) throws -> String {
        if let file = arguments.value("--file") {
            guard !file.isEmpty else { throw UsageError("--file needs its FILE") }
            return try AbsolutePath.of(file)
        }
        let configured = try Configuration.load(for: arguments).status.settings.tokens
        guard !configured.isEmpty else {
            throw UsageError("no file is configured: set tokens in [status], or name one with --file")
        }
        return configured
    }

    private static func add(_ token: String, _ name: String, _ role: AccessRole, _ file: TokenFile, isJSON: Bool) {
        if isJSON {
            Output.line(
                Reply { writer in
                    writer.field("name", name)
                    writer.field("role", role.word)
                    writer.field("token", token)
                    writer.field("file", file.path)
                }.json)
            return
        }
        // The token stands alone on standard output, so that it can be sent on; the words go beside it.
        Output.line(token)
        Output.error("This is the token of '\(name)', who may \(role.word). It is shown this once.")
        if geteuid() == 0 {
            Output.error(
                "The service reads \(JSONText.terminalSafe(file.path)) as its own user: chown root:dropwire FILE")
        }
    }

    private static func line(_ entry: TokenList.Entry) -> [UInt8] {
        Array("\(entry.role.word) \(entry.name)".utf8)
    }

    private static func json(_ entry: TokenList.Entry) -> [UInt8] {
        Reply { writer in
            writer.field("name", entry.name)
            writer.field("role", entry.role.word)
        }.json
    }
}
