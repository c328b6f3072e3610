import Articles
import Messaging
import ZeroMQ

extension Command {
    static let status = Command(
        name: "status",
        summary: "show what flows, waits and fails; with --serve run the status service",
        explanation: """
            Without --serve it asks the running status service. Exit code 1 where something is
            in trouble. With --serve it is the role: results, page and API.
            """,
        options: Role.options + [Command.Option("--serve", "run the status service"), .json],
        run: { try $0.has("--serve") ? StatusRole.run($0) : StatusTool.run($0) })
}

/// `dropwire status`: the numbers of the status page in a terminal.
enum StatusTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        let configuration = try Configuration.load(for: arguments)
        let client = CommandClient(context: try Context(), endpoints: [configuration.status.report.description])
        let queries = StatusQueries(client: client)
        let processes = try queries.processes()
        let summary = try client.request("SUMMARY")
        let hasTrouble = processes.contains { !$0.troubles.isEmpty }
        if arguments.has("--json") {
            let text = Reply { writer in
                writer.key("summary")
                writer.raw(summary.json)
                writer.key("processes")
                writer.beginArray()
                for process in processes { writer.raw(process.json) }
                writer.endArray()
            }.json
            Output.line(String(decoding: text, as: UTF8.self))
            return hasTrouble ? ExitCode.failed : ExitCode.done
        }
        let totals = try summary.decode(StatusQueries.Summary.self)
        Output.line(row("PROCESS", "PID", "UPTIME", "MEMORY", "LAG", "DONE", "FAILED", "OUTBOX"))
        for process in processes.sorted(by: { $0.name < $1.name }) {
            func number(_ name: String) -> String { process.numbers[name].map { "\($0)" } ?? "–" }
            Output.line(
                row(
                    process.name, "\(process.pid)", "\(process.uptimeSeconds) s", "\(process.residentBytes >> 20) MiB",
                    "\(process.lag)", number("done"), number("failed"), number("outbox")))
            // Those of directories stand in their table.
            if let trouble = process.trouble { Output.line("  in trouble: \(JSONText.terminalSafe(trouble))") }
        }
        for list in processes.compactMap(\.directories) {
            Output.line("")
            for line in DirectoryTable(list).lines { Output.line(line) }
        }
        Output.line("")
        let files = totals.files.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        Output.line("files     \(files.isEmpty ? "none yet" : files)")
        if let watch = processes.first(where: { $0.kind == "watch" }) {
            let waiting = ["waiting", "settling", "blocked"].map { "\(watch.numbers[$0] ?? 0) \($0)" }
            Output.line("to read   \(waiting.joined(separator: ", "))")
        }
        Output.line("articles  \(totals.articles)\(held(processes))")
        for (kind, result) in totals.results.sorted(by: { $0.key < $1.key }) {
            let verdicts = (result.verdicts ?? [:]).sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            let detail = verdicts.isEmpty ? "" : "  (" + verdicts.joined(separator: ", ") + ")"
            Output.line(
                "\(Help.pad(kind, to: 14))\(result.ok) ok, \(result.skipped) skipped, \(result.failed) failed, \(result.dead) dead\(detail)"
            )
        }
        return hasTrouble ? ExitCode.failed : ExitCode.done
    }

    /// What waits for the end of its embargo, and until when.
    private static func held(_ processes: [Heartbeat]) -> String {
        let count = processes.reduce(0) { $0 + ($1.kind == "watch" ? $1.numbers["held"] ?? 0 : 0) }
        guard count > 0 else { return "" }
        let next = processes.compactMap { $0.numbers["next_release_ms"] }.min().map { Timestamp(milliseconds: $0) }
        return ", \(count) held" + (next.map { ", the next one until \($0)" } ?? "")
    }

    private static func row(_ cells: String...) -> String {
        let widths = [16, 8, 10, 10, 8, 10, 8, 8]
        return zip(cells, widths).map { Help.pad($0, to: $1) }.joined()
    }
}
