import Articles
import Deduplication
import FoundationEssentials
import Glibc
import SQLite

/// Near duplicates on one core, in processor time: all pairs of a set of articles, with tokenizing and verification,
/// against datasketch where a Python has it; and verdicts one after the other, with their state.
enum DeduplicationStage: Stage {
    static let name = "dedup"

    static func run(in workspace: Workspace) throws -> [Row] {
        var rows: [Row] = []
        for (corpus, bar) in [("reuters", 25_000.0), ("senate4000", 10_000)] {
            guard let corpus = try NearDuplicateCorpus(name: corpus) else {
                Benchmark.say("\(corpus) is not beside the checkout: its pairs are left out")
                continue
            }
            for threshold in [0.8, 0.5] { rows += try pairs(corpus, threshold, bar, workspace) }
        }
        return rows + [try verdicts(workspace)]
    }

    private static func pairs(
        _ corpus: NearDuplicateCorpus, _ threshold: Double, _ bar: Double, _ workspace: Workspace
    ) throws -> [Row] {
        var found: Set<[String]> = []
        let rates = try (0..<workspace.options.rounds).map { _ in
            found = []
            let began = Stopwatch.threadMicroseconds()
            var finder = PairFinder(threshold: threshold)
            for text in corpus.texts { try text.bytes.withUnsafeBufferPointer { try finder.add($0) } }
            try finder.finish { found.insert([corpus.texts[$0.first].id, corpus.texts[$0.second].id].sorted()) }
            return Double(corpus.texts.count) / Double(Stopwatch.threadMicroseconds() - began) * 1e6
        }
        let what = "\(corpus.name), similarity ≥ \(threshold)"
        let score = corpus.score(found, threshold: threshold)
        var rows = [
            Row(name, "\(what): all pairs", Row.median(rates), "articles/s", bar: .atLeast(bar)),
            Row(name, "\(what): recall", score.recall, "", bar: .atLeast(0.995)),
            Row(name, "\(what): precision", score.precision, "", bar: .atLeast(1)),
        ]
        if let peer = try peer(corpus, threshold, workspace) {
            rows += [
                Row(name, "\(what): datasketch", peer.rate, "articles/s"),
                Row(name, "\(what): datasketch, recall", peer.score.recall, ""),
                Row(name, "\(what): datasketch, precision", peer.score.precision, ""),
            ]
        }
        return rows
    }

    /// What datasketch finds and how fast; nil where there is no Python with it.
    private static func peer(
        _ corpus: NearDuplicateCorpus, _ threshold: Double, _ workspace: Workspace
    ) throws -> (rate: Double, score: (recall: Double, precision: Double))? {
        guard let program = try PeerPython.program(with: "datasketch", in: workspace) else { return nil }
        let folder = try workspace.folder("peer")
        defer { workspace.remove(folder) }
        let path = "\(folder)/texts.jsonl"
        let lines = corpus.texts.map { text in
            var writer = JSONWriter()
            writer.beginObject()
            writer.field("id", text.id)
            writer.field("text", String(decoding: text.bytes, as: UTF8.self))
            writer.endObject()
            return writer.bytes
        }
        try Data(lines.joined(separator: [UInt8(ascii: "\n")])).write(to: URL(filePath: path))
        guard let output = try PeerPython.run([program, "-c", script, path, "\(threshold)"]) else { return nil }
        let answer = output.split(separator: "\n")
        guard let rate = answer.first.flatMap({ Double($0) }) else { return nil }
        let found = Set(answer.dropFirst().map { $0.split(separator: "\t").map(String.init).sorted() })
        return (rate, corpus.score(found, threshold: threshold))
    }

    private static let script = """
        import json, re, sys, time
        from datasketch import MinHash, MinHashLSH
        articles = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
        began = time.process_time()
        lsh = MinHashLSH(threshold=float(sys.argv[2]), num_perm=128)
        pairs = []
        for number, article in enumerate(articles):
            words = re.findall(r"\\w+", article["text"].lower())
            shingles = {" ".join(words[i:i + 5]).encode() for i in range(len(words) - 4)}
            if not shingles:
                continue
            sketch = MinHash(num_perm=128)
            sketch.update_batch(list(shingles))
            pairs += [(article["id"], articles[other]["id"]) for other in lsh.query(sketch)]
            lsh.insert(number, sketch)
        print(len(articles) / (time.process_time() - began))
        for pair in pairs:
            print("\\t".join(pair))
        """

    /// Articles judged one after the other, with state in SQLite, five hundred a transaction.
    private static func verdicts(_ workspace: Workspace) throws -> Row {
        let articles = try workspace.corpus.articles(20_000)
        let rates = try (0..<workspace.options.rounds).map { _ in
            let folder = try workspace.folder("dedup")
            defer { workspace.remove(folder) }
            let connection = try Connection(path: "\(folder)/state.sqlite")
            let deduplicator = Deduplicator()
            try deduplicator.prepare(connection)
            let began = Stopwatch.threadMicroseconds()
            try DeduplicationState.judge(articles, by: deduplicator, on: connection)
            return Double(articles.count) / Double(Stopwatch.threadMicroseconds() - began) * 1e6
        }
        return Row(name, "verdicts, \(articles.count) articles", Row.median(rates), "articles/s")
    }
}
