import Articles
import FoundationEssentials
import Glibc
import Linux
import Summarization
import TextAnalysis

/// Summaries of three sentences and eight phrases, on one core in processor time, against sumy's LexRank where a Python that
/// has it is found; and their ROUGE where articles with references lie beside the checkout, or are named by `--corpus`.
enum SummarizeStage: Stage {
    static let name = "summarize"

    /// An article, and what people made of it.
    private struct Sample: Codable {
        var id: String
        var title: String?
        var text: String
        var ref: String?
    }

    private struct Summary: Decodable {
        var id: String
        var summary: [String]
    }

    static func run(in workspace: Workspace) throws -> [Row] {
        let samples = try samples(workspace)
        let bytes = samples.reduce(0) { $0 + $1.text.utf8.count } / samples.count
        let what = "articles of \(bytes / 1000) KB"
        _ = rate(samples)
        let peer = try self.peer(workspace, samples)
        var rows: [Row] = []
        if let peer {
            let rounds = (0..<workspace.options.rounds).map { _ in (figure: rate(samples), baseline: peer.rate) }
            rows.append(Row(name, "\(what), bare: sumy LexRank", rounds: rounds, "articles/s"))
        }
        let rates = (0..<workspace.options.rounds).map { _ in rate(samples) }
        rows.append(Row(name, what, Row.median(rates), "articles/s", bar: .atLeast(5000)))
        return rows + quality(samples, peer?.summaries)
    }

    private static func samples(_ workspace: Workspace) throws -> [Sample] {
        let beside = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../shared/data/corpora/cnndm-val500.jsonl.xz"
        ).standardizedFileURL.path
        let path = workspace.options.corpus ?? (access(beside, R_OK) == 0 ? beside : nil)
        guard let path, path.hasSuffix(".xz") || path.hasSuffix(".jsonl") else {
            return try workspace.corpus.articles(4000).map {
                Sample(id: "\($0.id)", title: $0.title, text: $0.body ?? "", ref: nil)
            }
        }
        let bytes =
            path.hasSuffix(".xz") ? try Corpus.unpack(path, by: "xz") : Array(try Data(contentsOf: URL(filePath: path)))
        let decoder = JSONDecoder()
        return try bytes.split(separator: 0x0a).map { try decoder.decode(Sample.self, from: Data($0)) }
    }

    private static func rate(_ samples: [Sample]) -> Double {
        let summarizer = Summarizer()
        let began = Stopwatch.threadMicroseconds()
        var sentences = 0
        for sample in samples {
            sentences += summarizer.summarize(title: sample.title, body: sample.text, language: "en").sentences.count
        }
        precondition(sentences > 0, "nothing came of it")
        return Double(samples.count) / Double(max(1, Stopwatch.threadMicroseconds() - began)) * 1e6
    }

    // MARK: Quality

    private static func quality(_ samples: [Sample], _ peer: [String: [String]]?) -> [Row] {
        let judged = samples.filter { $0.ref?.isEmpty == false }
        guard !judged.isEmpty else { return [] }
        let summarizer = Summarizer()
        let segmenter = SentenceSegmenter(language: "en")
        var (own, lead, other) = (SummaryScore(), SummaryScore(), SummaryScore())
        for sample in judged {
            let reference = sample.ref ?? ""
            let summary = summarizer.summarize(title: sample.title, body: sample.text, language: "en")
            own.add(summary.sentences, reference: reference)
            lead.add(Array(segmenter.sentences(in: sample.text).prefix(3)), reference: reference)
            if let peer { other.add(peer[sample.id] ?? [], reference: reference) }
        }
        let against = "first three \(lead.text)" + (peer == nil ? "" : ", LexRank \(other.text)")
        return [
            Row(name, "ROUGE-1 of \(judged.count), \(against)", own.mean(\.one), "", bar: .atLeast(30.5)),
            Row(name, "ROUGE-2", own.mean(\.two), "", bar: .atLeast(11.8)),
            Row(name, "ROUGE-L", own.mean(\.longest), "", bar: .atLeast(20.6)),
        ]
    }

    // MARK: Peer

    /// What LexRank does with the same articles, in processor time as well; nil where there is no Python with it.
    private static func peer(
        _ workspace: Workspace, _ samples: [Sample]
    ) throws -> (rate: Double, summaries: [String: [String]])? {
        let folder = try workspace.folder("summarize")
        defer { workspace.remove(folder) }
        let encoder = JSONEncoder()
        var lines = Data()
        for sample in samples.prefix(500) { lines += try encoder.encode(sample) + [0x0a] }
        try lines.write(to: URL(filePath: "\(folder)/articles.jsonl"))
        let child = try ChildProcess(
            path: "/usr/bin/env", arguments: [workspace.options.python, "-c", script, folder], errorOutput: .inherited)
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = Glibc.read(child.output, &buffer, buffer.count), count > 0 { output += buffer[..<count] }
        guard child.wait() == .exited(0),
            let rate = Double(String(decoding: output, as: UTF8.self).filter { !$0.isWhitespace })
        else { return nil }
        let written = try Data(contentsOf: URL(filePath: "\(folder)/summaries.jsonl"))
        let summaries = try written.split(separator: 0x0a).map { try JSONDecoder().decode(Summary.self, from: $0) }
        return (rate, Dictionary(summaries.map { ($0.id, $0.summary) }) { first, _ in first })
    }

    private static let script = """
        import sys, json, re, time
        try:
            from sumy.parsers.plaintext import PlaintextParser
            from sumy.nlp.tokenizers import Tokenizer
            from sumy.nlp.stemmers import Stemmer
            from sumy.summarizers.lex_rank import LexRankSummarizer
            from sumy.utils import get_stop_words
        except ImportError:
            sys.exit(3)
        class Plain:
            # Where the data of NLTK's own tokenizer are not installed.
            def to_sentences(self, text): return tuple(s for s in re.split(r"(?<=[.!?])\\s+", text) if s.strip())
            def to_words(self, text): return tuple(re.findall(r"\\w+", text))
        try:
            tokenizer = Tokenizer("english")
        except LookupError:
            tokenizer = Plain()
        summarizer = LexRankSummarizer(Stemmer("english"))
        summarizer.stop_words = get_stop_words("english")
        rows = [json.loads(line) for line in open(sys.argv[1] + "/articles.jsonl")]
        began = time.process_time()
        found = [[str(s) for s in summarizer(PlaintextParser.from_string(row["text"], tokenizer).document, 3)]
                 for row in rows]
        taken = time.process_time() - began
        with open(sys.argv[1] + "/summaries.jsonl", "w") as out:
            for row, summary in zip(rows, found):
                out.write(json.dumps({"id": row["id"], "summary": summary}) + "\\n")
        print(len(rows) / taken)
        """
}
