import Messaging
import Status

/// The status service's store with ten million articles: what is asked of it, alone and beside intake.
enum StoreStage: Stage {
    static let name = "store"
    static let isLong = true
    private static let rounds = 50

    static func run(in workspace: Workspace) throws -> [Row] {
        let count = workspace.options.files ?? 10_000_000
        let folder = try workspace.folder("store")
        defer { workspace.remove(folder) }
        let path = workspace.options.store ?? "\(folder)/results.sqlite"
        var rows: [Row] = []
        let opening = ContinuousClock.now
        let store = try ResultStore(path: path)
        let articles = try workspace.corpus.articles(1000)
        let filled: FilledStore
        if workspace.options.store != nil {
            // Of an earlier version it is taken over first.
            rows.append(Row(name, "opening the store", (ContinuousClock.now - opening) / .seconds(1), "s"))
            filled = try FilledStore(filledBefore: path, articles: articles)
        } else {
            Benchmark.say("  \(count) articles are made up …")
            filled = try FilledStore(path: path, count: count, articles: articles)
        }
        rows.append(Row(name, "size of the store an article", Double(filled.bytes) / Double(count), "B"))
        Benchmark.say("  they are counted …")
        let began = ContinuousClock.now
        while try store.countOlderArticles() {}
        rows.append(Row(name, "counting them by source and hour", (ContinuousClock.now - began) / .seconds(1), "s"))
        let reader = try StoreReader(path: path)
        for question in filled.questions { rows += try times(question, reader, "") {} }
        let intake = StoreIntake(store, filled)
        rows.append(Row(name, "intake, with files and three results each", try intake.rate(), "articles/s"))
        // One commit of a hundred articles before each question: its pages are new, and the reader's are old.
        for question in filled.questions { rows += try times(question, reader, ", beside intake", intake.take) }
        return rows
    }

    /// Asks a question many times; returns the usual time and the 99th percentile, and that of processor time alone.
    private static func times(
        _ question: FilledStore.Question, _ reader: StoreReader, _ words: String, _ before: () throws -> Void
    ) throws -> [Row] {
        var (milliseconds, processor): ([Double], [Double]) = ([], [])
        for number in 0..<rounds {
            try before()
            let (began, processorBegan) = (ContinuousClock.now, Stopwatch.threadMicroseconds())
            try question.ask(reader, number)
            milliseconds.append((ContinuousClock.now - began) / .milliseconds(1))
            processor.append(Double(Stopwatch.threadMicroseconds() - processorBegan) / 1000)
        }
        return [
            Row(
                name, "\(question.what)\(words), p99 of processor time", Row.quantile(0.99, of: processor), "ms"),
            Row(name, "\(question.what)\(words), p50", Row.median(milliseconds), "ms"),
            Row(name, "\(question.what)\(words), p99", Row.quantile(0.99, of: milliseconds), "ms", bar: .under(100)),
        ]
    }
}
