import Articles
import Glibc
import Linux
import Messaging
import ZeroMQ

extension Command {
    static let keygen = Command(
        name: "keygen",
        summary: "make the key by which this machine is known to others",
        explanation: """
            Writes a new secret key to FILE (\(Keygen.defaultPath) where none is named), which only
            its owner may read, and prints its public key with the lines to add on other machines.
            A file that is there is never written over. Name it with key_file in [security].
            """,
        options: [
            Command.Option("--public", "FILE", "print the public key of the secret key in FILE, and make none"), .json,
        ], operands: "[FILE]",
        examples: [
            Command.Example("dropwire keygen /etc/dropwire/key", "Make the key of this machine."),
            Command.Example("dropwire keygen --public /etc/dropwire/key", "Print its public key, for other machines."),
        ],
        run: { try Keygen.run($0) })
}

/// `dropwire keygen`.
enum Keygen {
    static let defaultPath = "/etc/dropwire/key"

    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard arguments.operands.count <= 1 else { throw UsageError("one FILE, not several") }
        if let file = arguments.value("--public") {
            guard arguments.operands.isEmpty else { throw UsageError("--public makes no key: it takes no other FILE") }
            guard let pair = try KeyFile.read(file: file) else { throw UsageError("--public needs its FILE") }
            Output.line(arguments.has("--json") ? json(pair, file: file) : Array(pair.publicKey.utf8))
            return ExitCode.done
        }
        guard arguments.operands.first != "" else { throw UsageError("FILE is empty") }
        let file = try AbsolutePath.of(arguments.operands.first ?? defaultPath)
        let pair = try CurveKeyPair()
        try KeyFile.write(pair, to: file)
        if arguments.has("--json") { Output.line(json(pair, file: file)) } else { print(pair, file: file) }
        return ExitCode.done
    }

    private static func print(_ pair: CurveKeyPair, file: String) {
        let host = ProcessInformation.hostName
        let lines = [
            "the secret key is in \(JSONText.terminalSafe(file)), for its owner only",
            "the public key is \(pair.publicKey)",
            "",
            "in [security] of this machine's configuration:",
            "    key_file = \"\(JSONText.terminalSafe(file))\"",
            "on the machines that this one connects to, in authorized_keys, with the roles that it needs:",
            "    curve \(pair.publicKey) \(host) feed,log,claim,report,search",
            "on the machines that connect to this one, in known_servers:",
            "    \(host) \(pair.publicKey)",
        ]
        for line in lines { Output.line(line) }
        if geteuid() == 0 { Output.line("the services read it as their own user: chown dropwire: FILE") }
    }

    private static func json(_ pair: CurveKeyPair, file: String) -> [UInt8] {
        Reply { writer in
            writer.field("file", file)
            writer.field("public", pair.publicKey)
        }.json
    }
}
