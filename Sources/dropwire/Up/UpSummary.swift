import Articles
import Messaging

/// What `up --once` did: the table for people and the object for programs.
struct UpSummary: Sendable {
    /// One kind of worker.
    struct Worker: Sendable {
        var done: Int
        var failed: Int
        var verdicts: [String: Int]
    }

    let files: [String: Int]
    let articles: Int
    /// Articles that were withdrawn.
    let kills: Int
    /// Files that could not be read, and articles that a worker gave up.
    let failed: Int
    /// Articles that are held until their embargo ends.
    let held: Int
    let workers: [String: Worker]
    let seconds: Double

    /// Makes the difference of two totals.
    init(before: StatusQueries.Summary?, after: StatusQueries.Summary, blocked: Int, held: Int, seconds: Double) {
        func difference(_ now: [String: Int], _ then: [String: Int]?) -> [String: Int] {
            now.mapValues { $0 }.merging(then ?? [:]) { $0 - $1 }
        }
        files = difference(after.files, before?.files)
        articles = after.articles - (before?.articles ?? 0)
        kills = after.kills - (before?.kills ?? 0)
        var workers: [String: Worker] = [:]
        for (kind, now) in after.results {
            let then = before?.results[kind]
            workers[kind] = Worker(
                done: now.ok + now.skipped - (then.map { $0.ok + $0.skipped } ?? 0),
                failed: now.failed - (then?.failed ?? 0),
                verdicts: difference(now.verdicts ?? [:], then?.verdicts).filter { $0.value != 0 })
        }
        self.workers = workers
        self.held = held
        failed = blocked + workers.values.map(\.failed).reduce(0, +)
        self.seconds = seconds
    }

    /// Something was quarantined, partial or failed.
    var hasTrouble: Bool { failed > 0 || count(.quarantined) > 0 || count(.partial) > 0 }

    private func count(_ outcome: FileOutcome) -> Int { files[outcome.rawValue] ?? 0 }
    private var total: Int { files.values.reduce(0, +) }
    private var perSecond: Double { seconds > 0 ? Double(articles) / seconds : 0 }

    /// The object of `--json`.
    var json: String {
        let reply = Reply { writer in
            writer.field("files", total)
            writer.field("published", count(.published))
            writer.field("articles", articles)
            writer.field("kills", kills)
            writer.field("duplicate_files", count(.duplicate))
            writer.field("ignored", count(.ignored))
            writer.field("held", count(.held))
            writer.field("held_articles", held)
            writer.field("partial", count(.partial))
            writer.field("quarantined", count(.quarantined))
            writer.field("failed", failed)
            writer.field("seconds", UpSummary.rounded(seconds, 1000))
            writer.field("per_second", UpSummary.rounded(perSecond, 10))
            writer.key("workers")
            writer.beginObject()
            for (kind, worker) in workers.sorted(by: { $0.key < $1.key }) {
                writer.key(text: kind)
                writer.beginObject()
                writer.field("done", worker.done)
                writer.field("failed", worker.failed)
                if !worker.verdicts.isEmpty {
                    writer.key("verdicts")
                    writer.beginObject()
                    for (verdict, count) in worker.verdicts.sorted(by: { $0.key < $1.key }) {
                        writer.key(text: verdict)
                        writer.integer(count)
                    }
                    writer.endObject()
                }
                writer.endObject()
            }
            writer.endObject()
        }
        return String(decoding: reply.json, as: UTF8.self)
    }

    /// The table for people.
    var table: String {
        var rows: [(String, String)] = [("files", "\(total)")]
        for outcome in FileOutcome.allCases where outcome == .published || count(outcome) > 0 {
            rows.append(("  " + outcome.rawValue, "\(count(outcome))"))
        }
        rows.append(("articles", "\(articles)"))
        if held > 0 { rows.append(("  held", "\(held)")) }
        if kills > 0 { rows.append(("kills", "\(kills)")) }
        for (kind, worker) in workers.sorted(by: { $0.key < $1.key }) {
            let verdicts = worker.verdicts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            let note = verdicts.isEmpty ? "" : "  (" + verdicts.joined(separator: ", ") + ")"
            rows.append(("  \(kind)", "\(worker.done)" + (worker.failed > 0 ? ", \(worker.failed) failed" : "") + note))
        }
        if failed > 0 { rows.append(("failed", "\(failed)")) }
        rows.append(("seconds", "\(UpSummary.rounded(seconds, 1000))"))
        rows.append(("articles a second", "\(UpSummary.rounded(perSecond, 10))"))
        let width = (rows.map(\.0.count).max() ?? 0) + 2
        return rows.map { Help.pad($0.0, to: width) + $0.1 }.joined(separator: "\n")
    }

    private static func rounded(_ value: Double, _ unit: Double) -> Double { (value * unit).rounded() / unit }
}
