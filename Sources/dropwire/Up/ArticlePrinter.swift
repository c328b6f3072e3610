import Articles
import FoundationEssentials
import Lifecycle
import Linux
import Messaging
import Synchronization
import ZeroMQ

/// Prints each article as it comes off the wire, with its verdict and summary once the workers have said theirs.
///
/// It is a consumer like anybody's: it follows the log of articles and the log of results.
final class ArticlePrinter: Service {
    let name = "printer"
    private let context: Context
    private let articleLog: String
    private let resultLog: String
    private let console: Console
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)

    private struct Entry {
        var article: Article?
        var verdict: JSONValue?
        var summary: JSONValue?
        var since = ContinuousClock.now
    }

    init(context: Context, articleLog: String, resultLog: String, console: Console) throws {
        self.context = context
        self.articleLog = articleLog
        self.resultLog = resultLog
        self.console = console
        self.bell = try WakeUp()
    }

    func drain() {
        isDraining.store(true, ordering: .relaxed)
        bell.ring()
    }

    func run(started: @Sendable () -> Void) throws {
        let articles = LogFollower(
            context: context, endpoints: [articleLog], topics: ["art/"], consumer: "demo"
        ) { _ in nil }
        let results = LogFollower(
            context: context, endpoints: [resultLog], topics: ["result/"], consumer: "demo"
        ) { _ in nil }
        var entries: [UInt64: Entry] = [:]
        started()
        while !isDraining.load(ordering: .relaxed) {
            try articles.requestIfPossible(isWanted: true)
            try results.requestIfPossible(isWanted: true)
            let polled = articles.readable + results.readable + [PollEntry(descriptor: bell.descriptor)]
            _ = try Poller.poll(polled, timeout: min(articles.untilDue, results.untilDue))
            for record in try articles.receive()?.records ?? [] {
                guard let article = try? JSONDecoder().decode(Article.self, from: Data(record.bytes)) else { continue }
                entries[record.position.seq, default: Entry()].article = article
            }
            for record in try results.receive()?.records ?? [] {
                guard let result = try? JSONDecoder().decode(ResultRecord.self, from: Data(record.bytes)) else {
                    continue
                }
                switch result.kind {
                case "deduplicate": entries[result.seq, default: Entry()].verdict = result.data
                case "summarize": entries[result.seq, default: Entry()].summary = result.data
                default: continue
                }
            }
            for (seq, entry) in entries.sorted(by: { $0.key < $1.key }) {
                guard let article = entry.article, entry.verdict != nil, entry.summary != nil else { continue }
                console.say(text(article, seq, entry))
                entries[seq] = nil
            }
            // Results of articles from before this run have no article here: they are not kept.
            if entries.count > 10_000 { entries.removeAll() }
        }
    }

    private func text(_ article: Article, _ seq: UInt64, _ entry: Entry) -> String {
        let verdict = entry.verdict?["verdict"]?.stringValue ?? "failed"
        var lines = [
            "", console.emphasized("\(JSONText.terminalSafe(article.title ?? "(no headline)"))"),
            "  #\(seq)  \(article.source)  \(article.published?.description ?? "no date")  \(article.id)",
        ]
        if verdict == "unique" {
            lines.append("  unique")
        } else {
            let similarity = entry.verdict?["similarity"]?.doubleValue.map {
                ", similarity \((($0 * 1000).rounded() / 1000))"
            }
            let first = entry.verdict?["first"]?.stringValue.map { " of \($0)" }
            lines.append("  \(verdict)\(first ?? "")\(similarity ?? "")")
        }
        for sentence in entry.summary?["summary"]?.arrayValue ?? [] {
            lines.append("  · \(JSONText.terminalSafe(sentence.stringValue ?? ""))")
        }
        let phrases = (entry.summary?["phrases"]?.arrayValue ?? []).compactMap(\.stringValue)
        if !phrases.isEmpty { lines.append("  key phrases: \(JSONText.terminalSafe(phrases.joined(separator: ", ")))") }
        return lines.joined(separator: "\n")
    }
}
