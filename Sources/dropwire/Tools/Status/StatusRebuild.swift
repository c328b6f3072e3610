import Articles
import Messaging
import Status

/// `dropwire status --rebuild`: a new store of what can be read of a damaged one.
enum StatusRebuild {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        let directory = try Configuration.load(for: arguments).stateDirectory + "/status"
        // Nobody may write meanwhile.
        let lock = try StateLock(directory: directory)
        defer { withExtendedLifetime(lock) {} }
        let path = directory + "/results.sqlite"
        // What is damaged may not even say its version.
        do { try StateInventory.check("status/results.sqlite", at: path) } catch let error as NewerState {
            throw error
        } catch {}
        let outcome = try StoreRebuild.run(path: path) { outcome in
            guard !arguments.has("--json") else { return }
            Output.errorText("\r\(outcome.articles) articles, \(outcome.files) files, \(outcome.results) results")
        }
        if arguments.has("--json") {
            Output.line(
                String(
                    decoding: Reply { writer in
                        writer.field("articles", outcome.articles)
                        writer.field("files", outcome.files)
                        writer.field("results", outcome.results)
                        writer.array("damaged_tables", outcome.damagedTables)
                        writer.field("kept_as", outcome.keptAs)
                    }.json, as: UTF8.self))
            return ExitCode.done
        }
        Output.error("")
        Output.line(
            "\(outcome.articles) articles, \(outcome.files) files and \(outcome.results) results are in the new store")
        if !outcome.damagedTables.isEmpty {
            Output.line("parts of these tables could not be read: \(outcome.damagedTables.joined(separator: ", "))")
        }
        Output.line("the old store is kept as \(outcome.keptAs)")
        Output.line(
            "start the service: it reads the watchers' logs anew, and workers report again what they have kept; "
                + "summaries come again with `dropwire group reset summarize --from first`")
        return ExitCode.done
    }
}
