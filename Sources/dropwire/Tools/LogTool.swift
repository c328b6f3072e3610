import Glibc
import Messaging
import SQLite

extension Command {
    static let log = Command(
        name: "log",
        summary: "maintain the log of articles while the watcher is stopped",
        actions: [Command.Action("bump-epoch", "begin a new epoch behind the last record")],
        explanation: """
            A new epoch is for a log that was put back from a copy other than that of `dropwire
            backup`: consumers which had read further resume behind its last record, instead of
            taking new records for old ones.
            """,
        options: [.config],
        examples: [Command.Example("dropwire log bump-epoch", "Begin a new epoch.")],
        run: { try LogTool.run($0) })
}

/// `dropwire log`.
enum LogTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard arguments.operands == ["bump-epoch"] else { throw UsageError("bump-epoch is all there is") }
        let directory = try Configuration.load(for: arguments).stateDirectory + "/watch"
        let path = directory + "/log.sqlite"
        guard access(path, F_OK) == 0 else { throw ConfigurationError(description: "there is no log at '\(path)'") }
        // The lock keeps a watcher out, which would go on in the epoch that it knows.
        let lock = try StateLock(directory: directory)
        let epoch = try ArticleLog.bumpEpoch(connection: Connection(path: path))
        withExtendedLifetime(lock) {}
        Output.line("the log is in epoch \(epoch) now")
        return ExitCode.done
    }
}
