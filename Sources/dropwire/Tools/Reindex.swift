import Articles
import Glibc
import Indexing
import Messaging
import SQLite

extension Command {
    static let reindex = Command(
        name: "reindex",
        summary: "make the full text anew from the archive",
        explanation: """
            Searches and the indexing worker go on meanwhile, if they run: the new text is made beside
            the old one, and takes its place when it is complete. The log of articles is not read again.
            What is interrupted goes on where it was. It needs room for a second full text, about as much
            as the words of the archive. With --json a line for each step: done, total, finished.
            """,
        options: [
            Command.Option("--restart", "begin anew where an earlier one was interrupted"), .config, .json,
        ],
        examples: [Command.Example("dropwire reindex --json", "Make the full text anew, with a line for each step.")],
        run: { try Reindex.run($0) })
}

/// `dropwire reindex`: writes beside the indexing worker, a short transaction at a time.
enum Reindex {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        let path = try Configuration.load(for: arguments).stateDirectory + "/index/index.sqlite"
        guard access(path, F_OK) == 0 else { throw ConfigurationError(description: "there is no index at '\(path)'") }
        let connection = try Connection(path: path)
        try connection.configure(durability: .full, pageBytes: StatefulWorker.pageBytes)
        let rebuild = try TextRebuild(connection: connection)
        let isJSON = arguments.has("--json")
        let isWatched = !isJSON && isatty(2) == 1
        var progress = try patiently { try rebuild.begin(isAnew: arguments.has("--restart")) }
        if progress.done > 0 { Output.error("going on behind \(progress.done) of \(progress.total) articles") }
        while !progress.isFinished {
            let began = ContinuousClock.now
            progress = try patiently { try rebuild.step() }
            if isJSON { Output.line(json(progress)) }
            if isWatched { Output.errorText("\r\(progress.done) of \(progress.total) articles") }
            // As long again for whoever waits to write.
            if !progress.isFinished { usleep(UInt32((ContinuousClock.now - began) / .microseconds(1))) }
        }
        if isWatched { Output.errorText("\r") }
        let count = progress.total
        Output.error("the text of \(count) \(count == 1 ? "article" : "articles") was made anew")
        return ExitCode.done
    }

    /// A worker that is busy lets nobody in for a while: that is no reason to give up.
    private static func patiently<Result>(_ body: () throws -> Result) throws -> Result {
        while true {
            do { return try body() } catch let error as SQLiteError where error.isBusy { continue }
        }
    }

    private static func json(_ progress: TextRebuild.Progress) -> String {
        String(
            decoding: Reply { writer in
                writer.field("done", progress.done)
                writer.field("total", progress.total)
                writer.field("finished", progress.isFinished)
            }.json, as: UTF8.self)
    }
}
