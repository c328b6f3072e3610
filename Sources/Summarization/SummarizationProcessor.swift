package import Articles
package import Messaging

/// Makes a worker of the summarizer: any number of them share a stream.
package final class SummarizationProcessor: StatelessProcessor {
    package let kind = "summarize"
    private let summarizer: Summarizer
    private let abstract: Configuration.AbstractUse
    private let model: OpenAISummarizer?
    private var killed = RecentKills()

    /// Makes a processor.
    ///
    /// - Parameters:
    ///   - abstract: whether an article's own abstract is its summary.
    ///   - model: who writes the summaries; the extract is used where there is none, or where it fails.
    package init(
        summarizer: Summarizer, abstract: Configuration.AbstractUse = .beside, model: OpenAISummarizer? = nil
    ) {
        self.summarizer = summarizer
        self.abstract = abstract
        self.model = model
    }

    /// Returns the summary and who wrote it, the key phrases and names, and beside them the article's own abstract where it has one.
    package func work(_ item: WorkItem) throws -> WorkResult {
        let article = item.article
        // What nobody may see needs no summary.
        guard article.pubStatus == .usable else { return .skipped("its publisher does not want it shown") }
        guard !killed.contains(article) else { return .skipped("its publisher has withdrawn it") }
        guard let body = article.body, !body.isEmpty else {
            guard let abstract = article.abstract else { return .skipped("the article has no text") }
            let sentences = self.abstract == .summary ? summarizer.lead(abstract, language: article.language) : []
            return .ok([
                "summary": .array(sentences.map(JSONValue.string)), "phrases": .array([]), "by": .string("abstract"),
                "abstract": .string(abstract),
            ])
        }
        let extract = summarizer.summarize(title: article.title, body: body, language: article.language)
        var data: [String: JSONValue] = ["phrases": .array(extract.phrases.map(JSONValue.string))]
        if !extract.names.isEmpty { data["names"] = .array(extract.names.map(JSONValue.string)) }
        let written = try write(article, body, &data) ?? extract.sentences
        data["summary"] = .array(written.map(JSONValue.string))
        if let abstract = article.abstract { data["abstract"] = .string(abstract) }
        return .ok(data)
    }

    /// Returns a summary that is no extract, where there is one, and notes who wrote it.
    private func write(_ article: Article, _ body: String, _ data: inout [String: JSONValue]) throws -> [String]? {
        if abstract == .summary, let own = article.abstract {
            data["by"] = .string("abstract")
            return summarizer.lead(own, language: article.language)
        }
        data["by"] = .string("extract")
        guard let model else { return nil }
        do {
            let text = try model.summarize(title: article.title ?? "", body: body, language: article.language)
            data["by"] = .string("openai")
            data["model"] = .string(model.model)
            return summarizer.lead(text, language: article.language)
        } catch let failure as BackendFailure {
            data["fallback"] = .string(failure.description)
            return nil
        }
    }

    package func kill(_ kill: KillRecord) { killed.note(source: kill.source, uri: kill.uri) }

    package func erase(_ gone: GoneRecord) {
        if case .versions(let source, let uri) = gone.subject { killed.note(source: source, uri: uri) }
    }
}
