import Articles
import Deduplication
import Glibc
import SQLite

/// The deduplicator with the state of a million articles: what it takes in memory and how long a start takes.
enum DeduplicationStateStage: Stage {
    static let name = "dedup-state"
    static let isLong = true

    static func run(in workspace: Workspace) throws -> [Row] {
        let count = workspace.options.files ?? 1_000_000
        let folder = try workspace.folder("dedup")
        defer { workspace.remove(folder) }
        let path = "\(folder)/state.sqlite"
        let articles = try workspace.corpus.articles(20_000)
        let began = Stopwatch.threadMicroseconds()
        do {
            let connection = try Connection(path: path)
            let deduplicator = Deduplicator()
            try deduplicator.prepare(connection)
            for start in stride(from: 0, to: count, by: articles.count) {
                let round = start / articles.count
                let other = articles.prefix(count - start).map { round == 0 ? $0 : DeduplicationState.other($0, round) }
                try DeduplicationState.judge(other, by: deduplicator, on: connection, from: start)
            }
        }
        let rate = Double(count) / Double(Stopwatch.threadMicroseconds() - began) * 1e6
        let connection = try Connection(path: path)
        let deduplicator = Deduplicator()
        let starting = ContinuousClock.now
        try deduplicator.prepare(connection)
        let seconds = (ContinuousClock.now - starting) / .seconds(1)
        let megabytes = Double(ProcessTree.member(getpid())?.resident ?? 0) / 1e6
        return [
            Row(name, "verdicts until \(count) articles are held", rate, "articles/s"),
            Row(name, "start with \(deduplicator.candidateCount) texts", seconds, "s", bar: .under(3)),
            Row(name, "resident of the process with them", megabytes, "MB", bar: .under(1000)),
        ]
    }
}

/// Feeding a deduplicator.
enum DeduplicationState {
    /// Judges articles, five hundred a transaction, from a place of their stream on.
    static func judge(
        _ articles: [Article], by deduplicator: Deduplicator, on connection: Connection, from first: Int = 0
    ) throws {
        for start in stride(from: 0, to: articles.count, by: 500) {
            try connection.transaction {
                for index in start..<min(start + 500, articles.count) {
                    let place = Deduplicator.Place(
                        stream: "bench", epoch: 1, seq: UInt64(first + index + 1),
                        timeMilliseconds: 1_700_000_000_000 + Int64(first + index))
                    _ = try deduplicator.judge(articles[index], at: place) {}
                }
            }
        }
    }

    /// Another article of the same shape: the number of the round hangs on each word.
    static func other(_ article: Article, _ round: Int) -> Article {
        var article = article
        let suffix = Array("\(round)".utf8)
        var bytes: [UInt8] = []
        var isInside = false
        for byte in (article.body ?? "").utf8 {
            let isLetter = (byte | 0x20) &- 0x61 < 26
            if isInside, !isLetter { bytes += suffix }
            isInside = isLetter
            bytes.append(byte)
        }
        article.body = String(decoding: bytes, as: UTF8.self)
        article.deriveID()
        return article
    }
}
