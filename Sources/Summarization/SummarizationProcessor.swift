package import Articles
package import Messaging

/// Makes a worker of the summarizer: any number of them share a stream.
package final class SummarizationProcessor: StatelessProcessor {
    package let kind = "summarize"
    private let summarizer: Summarizer
    private var killed = RecentKills()

    /// Makes a processor.
    package init(summarizer: Summarizer) { self.summarizer = summarizer }

    /// Returns the summary, the key phrases, and beside them the article's own abstract where it has one.
    package func work(_ item: WorkItem) throws -> WorkResult {
        let article = item.article
        // What nobody may see needs no summary.
        guard article.pubStatus == .usable else { return .skipped("its publisher does not want it shown") }
        guard !killed.contains(article) else { return .skipped("its publisher has withdrawn it") }
        guard let body = article.body, !body.isEmpty else {
            guard let abstract = article.abstract else { return .skipped("the article has no text") }
            return .ok(["summary": .array([]), "phrases": .array([]), "abstract": .string(abstract)])
        }
        let summary = summarizer.summarize(title: article.title, body: body, language: article.language)
        var data: [String: JSONValue] = [
            "summary": .array(summary.sentences.map(JSONValue.string)),
            "phrases": .array(summary.phrases.map(JSONValue.string)),
        ]
        if let abstract = article.abstract { data["abstract"] = .string(abstract) }
        return .ok(data)
    }

    package func kill(_ kill: KillRecord) { killed.note(kill) }
}
