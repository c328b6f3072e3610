import Articles
import Linux
import Messaging

/// The page of one article.
enum ArticlePage {
    /// The most of a body that is shown, in characters; the record has all of it.
    private static let longestBody = 200_000

    static func render(
        _ article: Article, _ row: StoreReader.ArticleRow, _ files: [StoreReader.FileRow]
    ) -> [UInt8] {
        let now = Timestamp(milliseconds: Clocks.wallMilliseconds())
        var html = HTMLWriter()
        let title = row.title ?? "Without a title"
        PageRenderer.head(&html, title: "\(title) – Dropwire")
        PageRenderer.top(&html, query: "")
        html.markup("</header><main id=\"main\" tabindex=\"-1\" class=\"reading\"><article lang=\"")
        html.text(article.language)
        html.markup("\"><h1>")
        html.foreign(title)
        html.markup("</h1><p class=\"about\">")
        html.foreign(([article.source] + article.bylines).joined(separator: " · "))
        html.markup(" · ")
        html.foreign(article.language)
        if let published = article.published {
            html.markup(" · published ")
            html.time(published, now: now)
        }
        html.markup("</p>")
        notices(article, row, &html)
        if let abstract = article.abstract {
            html.markup("<p class=\"abstract\">")
            html.foreign(abstract)
            html.markup("</p>")
        }
        summary(row, &html)
        for paragraph in String((article.body ?? "").prefix(longestBody)).split(separator: "\n\n") {
            html.markup("<p>")
            html.foreign(String(paragraph))
            html.markup("</p>")
        }
        html.markup("</article>")
        journey(row, files, now, &html)
        html.markup("</main>")
        PageRenderer.foot(&html)
        return html.bytes
    }

    static func missing(_ detail: String) -> [UInt8] {
        var html = HTMLWriter()
        PageRenderer.head(&html, title: "No such article – Dropwire")
        PageRenderer.top(&html, query: "")
        html.markup("</header><main id=\"main\" tabindex=\"-1\" class=\"reading\"><h1>No such article</h1><p>")
        html.text(detail)
        html.markup(" It may have been withdrawn, or be older than what is kept here.</p></main>")
        PageRenderer.foot(&html)
        return html.bytes
    }

    /// The page of an article that is not to be shown: why, and its journey, and none of its words.
    static func hidden(_ article: HiddenArticle) -> [UInt8] {
        let now = Timestamp(milliseconds: Clocks.wallMilliseconds())
        var html = HTMLWriter()
        PageRenderer.head(&html, title: "\(article.title) – Dropwire")
        PageRenderer.top(&html, query: "")
        html.markup("</header><main id=\"main\" tabindex=\"-1\" class=\"reading\"><h1>")
        html.text(article.title)
        html.markup("</h1><p>")
        html.foreign(article.problem.detail)
        html.markup("</p>")
        journey(article.row, article.files, now, &html)
        html.markup("</main>")
        PageRenderer.foot(&html)
        return html.bytes
    }

    /// What a reader has to know before reading: that there is a newer version, that it corrects one, what is doubtful.
    private static func notices(_ article: Article, _ row: StoreReader.ArticleRow, _ html: inout HTMLWriter) {
        if let current = row.current {
            html.markup("<p class=\"bad\" role=\"note\">This is not the current version: <a href=\"/articles/")
            html.text(current)
            html.markup("\">read that one</a>.</p>")
        }
        for signal in article.signals.prefix(10) {
            html.markup("<p class=\"about\" role=\"note\"><span class=\"verdict other\">")
            html.foreign(String(signal.prefix(40)))
            html.markup("</span> ")
            if signal == Signal.correction { html.text("It corrects what an earlier version said.") }
            html.markup("</p>")
        }
        if let note = article.editorialNote {
            html.markup("<p class=\"about\" role=\"note\">Note to editors: ")
            html.foreign(String(note.prefix(2000)))
            html.markup("</p>")
        }
        if let warning = row.warning {
            html.markup("<p class=\"about\" role=\"note\">")
            html.foreign("Its publisher sent it twice: \(warning).")
            html.markup("</p>")
        }
    }

    private static func summary(_ row: StoreReader.ArticleRow, _ html: inout HTMLWriter) {
        guard let data = row.results.first(where: { $0.kind == "summarize" && $0.status == "ok" })?.data else { return }
        let sentences = (data["summary"]?.arrayValue ?? []).compactMap(\.stringValue)
        let phrases = (data["phrases"]?.arrayValue ?? []).compactMap { $0.stringValue ?? $0["phrase"]?.stringValue }
        guard !sentences.isEmpty else { return }
        html.markup("<section class=\"box\" aria-labelledby=\"h-summary\"><h2 id=\"h-summary\">Summary</h2><p>")
        html.foreign(sentences.joined(separator: " "))
        html.markup("</p>")
        if !phrases.isEmpty {
            html.markup("<p class=\"facts\">")
            for phrase in phrases.prefix(20) {
                html.markup("<span>")
                html.foreign(phrase)
                html.markup("</span> ")
            }
            html.markup("</p>")
        }
        html.markup("</section>")
    }

    private static func journey(
        _ row: StoreReader.ArticleRow, _ files: [StoreReader.FileRow], _ now: Timestamp, _ html: inout HTMLWriter
    ) {
        html.markup("<section aria-labelledby=\"h-journey\"><h2 id=\"h-journey\">Journey</h2><div class=\"wide\">")
        html.markup("<table><caption class=\"unseen\">What became of it, and when</caption><thead><tr>")
        html.markup("<th scope=\"col\">Step</th><th scope=\"col\">What</th><th scope=\"col\" class=\"n\">When</th>")
        html.markup("</tr></thead><tbody>")
        func step(_ name: String, _ what: String, _ time: Timestamp, isBad: Bool = false) {
            html.markup("<tr><th scope=\"row\">")
            html.foreign(name)
            html.markup(isBad ? "</th><td class=\"bad\">" : "</th><td>")
            html.foreign(what)
            html.markup("</td><td class=\"n\">")
            html.time(time, now: now)
            html.markup("</td></tr>")
        }
        if let received = row.received { step("file read", row.path ?? "", received) }
        step(
            "on the log", "stream \(row.position.stream), number \(Wording.number(row.position.seq))",
            Timestamp(milliseconds: row.position.timeMilliseconds))
        for file in files {
            let outcome = (try? JSONValue(json: file.record))?["outcome"]?.stringValue ?? ""
            step("file closed", outcome, Timestamp(milliseconds: file.position.timeMilliseconds))
        }
        for result in row.results {
            let data = result.data
            let word = data["verdict"] ?? data["action"] ?? data["reason"]
            let what = [result.status, word?.stringValue.map { String($0.prefix(300)) }].compactMap { $0 }
            step(
                result.kind, what.joined(separator: " · "), Timestamp(milliseconds: result.timeMilliseconds),
                isBad: result.status == "failed")
        }
        html.markup("</tbody></table></div>")
        if !row.isHidden {
            html.markup("<p><a href=\"/api/v1/articles/")
            html.text(row.id)
            html.markup("\">The record and all results as JSON</a></p>")
        }
        html.markup("</section>")
    }
}
