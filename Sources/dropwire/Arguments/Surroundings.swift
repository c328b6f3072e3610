/// What stands around the commands: exit codes, the environment, and files. Every manual page tells of what concerns it.
enum Surroundings {
    /// An environment variable, or a file, and what it is for.
    struct Entry: Sendable {
        let name: String
        let help: String
        /// The commands that it concerns; nil for all.
        let commands: [String]?

        init(_ name: String, of commands: [String]? = nil, _ help: String) {
            self.name = name
            self.help = help
            self.commands = commands
        }
    }

    private static let roles = ["watch", "deduplicate", "index", "summarize", "status"]

    /// What an exit code means, whatever the command.
    static let exitCodes: [(code: Int32, meaning: String)] = [
        (ExitCode.done, "Done, or drained."),
        (ExitCode.failed, "It failed; standard error says why."),
        (ExitCode.usage, "The command line is wrong."),
        (ExitCode.configuration, "The configuration is wrong; each problem is named with file, line and column."),
    ]

    static let environment = [
        Entry("DROPWIRE_CONFIG", of: takers(of: "--config"), "The configuration file, where --config names none."),
        Entry(
            "DROPWIRE_LOG_LEVEL",
            "The least level of what is logged: \(levels). `info` where it is not set."),
        Entry("DROPWIRE_SHARE", of: ["up"], "The folder that has the sample articles of --demo, as `demo`."),
        Entry("CREDENTIALS_DIRECTORY", of: roles, "Where systemd has put the credentials that keys name."),
        Entry(
            "NOTIFY_SOCKET", of: roles, "Where systemd is told of readiness and of progress, see sd_notify(3)."),
        Entry("NO_COLOR", of: ["up", "search", "status", "top"], "Where it is set, nothing is coloured."),
        Entry("SOURCE_DATE_EPOCH", of: ["man"], "The time that the pages are dated, in seconds since 1970."),
        Entry("TMPDIR", "Where temporary files go, which are as large as what is unpacked: /var/tmp if not set."),
        Entry("XDG_RUNTIME_DIR", of: ["up"], "Where `dropwire up` tells the tools which configuration it runs."),
        Entry("XDG_STATE_HOME", of: ["up"], "Where --drop keeps databases, in `dropwire`, without --state."),
    ]

    static let files = [
        Entry(
            Configuration.defaultPath, of: takers(of: "--config"),
            "The configuration, see dropwire.toml(5), where neither --config nor $DROPWIRE_CONFIG names another."),
        Entry(
            "/etc/dropwire/conf.d/*.toml", of: takers(of: "--config"),
            "More of it, read after that file in the byte order of the names."),
        Entry(Keygen.defaultPath, of: roles + ["keygen"], "The secret key of this machine, where one was made."),
        Entry("/var/lib/dropwire/ROLE", of: roles + ["backup", "restore", "doctor"], "The databases of a role."),
        Entry("/run/dropwire/ROLE", of: roles, "The sockets of a role."),
    ]

    /// Those of `entries` that concern a command.
    static func entries(_ entries: [Entry], of command: Command) -> [Entry] {
        entries.filter { $0.commands?.contains(command.name) ?? true }
    }

    private static var levels: String {
        ["error", "warning", "notice", "info", "debug"].map { "`\($0)`" }.joined(separator: ", ")
    }

    private static func takers(of option: String) -> [String] {
        Dropwire.commands.filter { $0.options.contains { $0.name == option } }.map(\.name)
    }
}
