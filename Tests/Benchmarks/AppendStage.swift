import Articles
import Messaging
import SQLite

/// Appending to the log against the same rows inserted through SQLite's own C functions with the same pragmas.
enum AppendStage: Stage {
    static let name = "append"

    static func run(in workspace: Workspace) throws -> [Row] {
        var rows: [Row] = []
        let records = workspace.corpus.blocks(2000, of: 4096)
        for (batch, count) in [(1, 3000), (100, 30_000), (500, 30_000)] {
            var indexed: [(figure: Double, baseline: Double)] = []
            var plain: [(figure: Double, baseline: Double)] = []
            for _ in 0..<workspace.options.rounds {
                let log = try measureLog(records, count, batch, workspace)
                indexed.append((log, try measureBare(records, count, batch, isIndexed: true, workspace)))
                plain.append((log, try measureBare(records, count, batch, isIndexed: false, workspace)))
            }
            rows.append(Row(name, "batches of \(batch), bare with the index", rounds: indexed, "records/s"))
            rows.append(Row(name, "batches of \(batch), bare without", rounds: plain, "records/s"))
        }
        return rows
    }

    private static func measureLog(_ records: [[UInt8]], _ count: Int, _ batch: Int, _ workspace: Workspace) throws
        -> Double
    {
        let folder = try workspace.folder("log")
        defer { workspace.remove(folder) }
        let connection = try Connection(path: "\(folder)/log.sqlite")
        try connection.configure(durability: .full)
        let log = try ArticleLog(connection: connection)
        let topic = Topic.article(source: "bench", language: "en")
        return try Stopwatch.rate(count) {
            for start in stride(from: 0, to: count, by: batch) {
                try connection.transaction {
                    for number in start..<min(start + batch, count) {
                        _ = try log.append(topic: topic, record: records[number % records.count])
                    }
                }
                _ = log.takeAppended()
            }
        }
    }

    private static func measureBare(
        _ records: [[UInt8]], _ count: Int, _ batch: Int, isIndexed: Bool, _ workspace: Workspace
    ) throws -> Double {
        let folder = try workspace.folder("bare")
        defer { workspace.remove(folder) }
        let bare = try BareLog(path: "\(folder)/log.sqlite", isIndexed: isIndexed)
        return try Stopwatch.rate(count) {
            for start in stride(from: 0, to: count, by: batch) {
                try bare.transaction {
                    for number in start..<min(start + batch, count) {
                        try records[number % records.count].withUnsafeBytes(bare.append)
                    }
                }
            }
        }
    }
}
