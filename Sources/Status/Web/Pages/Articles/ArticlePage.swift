import Articles
import HTTP
import Linux
import Messaging

/// The page of one article: to read, with its story and its journey.
enum ArticlePage {
    private enum Limit {
        /// The most bytes of a body that are shown; the record has all of it.
        static let body = 48 << 10
        /// So long after its arrival its page is kept up to date: then every worker has had it.
        static let freshMilliseconds: Int64 = 600_000
    }

    static func render(_ shown: ShownArticle) -> [UInt8] {
        let (article, row) = (shown.article, shown.row)
        let title = row.title ?? "Without a title"
        let age = Clocks.wallMilliseconds() - row.position.timeMilliseconds
        let frame = PageFrame(
            title: title, section: .articles, isLive: age < Limit.freshMilliseconds, isReading: true)
        return frame.render { html, now in
            html.markup("<article lang=\"")
            html.text(article.language, atMost: 40)
            html.markup("\"><h1>")
            html.foreign(title, atMost: 1200)
            html.markup("</h1>")
            about(article, row, now, &html)
            notices(article, row, &html)
            if let abstract = article.abstract {
                html.markup("<p class=\"abstract\">")
                html.foreign(abstract, atMost: 8 << 10)
                html.markup("</p>")
            }
            summary(row, &html)
            body(article, &html)
            html.markup("</article>")
            story(shown, now, &html)
            journey(row, shown.files, now, &html)
            kept(shown, &html)
        }
    }

    /// The page where there is no such article.
    static func missing(_ detail: String) -> [UInt8] {
        PageFrame(title: "No such article", section: .articles, isReading: true).render { html, _ in
            html.markup("<h1>No such article</h1><p>")
            html.text(detail)
            html.markup(" It may have been withdrawn, or be older than what is kept here.</p>")
        }
    }

    /// The page of an article that is not to be shown: why, and its journey, and none of its words.
    static func hidden(_ article: HiddenArticle) -> [UInt8] {
        PageFrame(title: article.title, section: .articles, isReading: true).render { html, now in
            html.markup("<h1>")
            html.text(article.title)
            html.markup("</h1><p>")
            html.foreign(article.problem.detail)
            html.markup("</p>")
            journey(article.row, article.files, now, &html)
        }
    }

    private static func about(
        _ article: Article, _ row: StoreReader.ArticleRow, _ now: Timestamp, _ html: inout HTMLWriter
    ) {
        html.markup("<p class=\"about\">")
        let judgement = row.outcome(of: "deduplicate")
        if let verdict = judgement?["verdict"]?.stringValue {
            ArticleList.chip(verdict, isGood: verdict == "unique", &html)
        }
        html.link(to: SourcesPage.path(article.source))
        html.foreign(article.source, atMost: 200)
        html.markup("</a>")
        for part in article.bylines.prefix(10) + [article.section, article.dateline].compactMap({ $0 }) {
            html.markup(" · ")
            html.foreign(part, atMost: 200)
        }
        html.markup(" · ")
        html.foreign(article.language, atMost: 40)
        if let version = article.version {
            html.markup(" · version ")
            html.foreign(version, atMost: 100)
        }
        if let published = article.published {
            html.markup(" · published ")
            html.time(published, now: now)
        }
        html.markup("</p>")
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
            html.foreign(signal, atMost: 160)
            html.markup("</span> ")
            if signal == Signal.correction { html.text("It corrects what an earlier version said.") }
            html.markup("</p>")
        }
        if let note = article.editorialNote {
            html.markup("<p class=\"about\" role=\"note\">Note to editors: ")
            html.foreign(note, atMost: 4 << 10)
            html.markup("</p>")
        }
        if let warning = row.warning {
            html.markup("<p class=\"about\" role=\"note\">")
            html.foreign("Its publisher sent it twice: \(warning).", atMost: 1200)
            html.markup("</p>")
        }
        for warning in article.ingest.warnings.prefix(10) {
            html.markup("<p class=\"about\" role=\"note\">Doubtful when it was read: ")
            html.foreign(warning, atMost: 400)
            html.markup("</p>")
        }
    }

    private static func summary(_ row: StoreReader.ArticleRow, _ html: inout HTMLWriter) {
        guard let data = row.outcome(of: "summarize") else { return }
        let sentences = (data["summary"]?.arrayValue ?? []).prefix(20).compactMap(\.stringValue)
        let names = (data["names"]?.arrayValue ?? []).compactMap(\.stringValue)
        let phrases = (data["phrases"]?.arrayValue ?? []).compactMap { $0.stringValue ?? $0["phrase"]?.stringValue }
            .filter { !names.contains($0) }
        guard !sentences.isEmpty || !phrases.isEmpty || !names.isEmpty else { return }
        html.markup("<section class=\"box\" aria-labelledby=\"h-summary\"><h2 id=\"h-summary\">Summary</h2>")
        if !sentences.isEmpty {
            html.markup("<p>")
            html.foreign(sentences.joined(separator: " "))
            html.markup("</p>")
        }
        words("Key phrases", phrases, &html)
        words("Names", names, &html)
        html.markup("</section>")
    }

    /// Words that lead to the articles that have them, too.
    private static func words(_ title: StaticString, _ words: [String], _ html: inout HTMLWriter) {
        guard !words.isEmpty else { return }
        html.markup("<p class=\"facts\"><b>")
        html.markup(title)
        html.markup("</b> ")
        for word in words.prefix(20) {
            let quoted = String(word.prefix(200)).replacing("\"", with: " ")
            html.markup("<a class=\"chip\" href=\"/search?q=")
            html.text(percentEncoded("\"\(quoted)\""), atMost: 4 << 10)
            html.markup("\">")
            html.foreign(word, atMost: 200)
            html.markup("</a> ")
        }
        html.markup("</p>")
    }

    private static func body(_ article: Article, _ html: inout HTMLWriter) {
        guard let body = article.body, !body.isEmpty else { return }
        var room = Limit.body
        for paragraph in body.split(separator: "\n\n") where room > 0 {
            html.markup("<p>")
            html.foreign(String(paragraph), atMost: room)
            html.markup("</p>")
            // Many short ones are much markup.
            room -= paragraph.utf8.count + 24
        }
        guard room <= 0 else { return }
        html.markup("<p class=\"about\" role=\"note\">")
        html.text(
            "This is the beginning of \(Wording.size(body.utf8.count)); the record has all of it.")
        html.markup("</p>")
    }

    /// What is kept of it, to be taken away.
    private static func kept(_ shown: ShownArticle, _ html: inout HTMLWriter) {
        let path = "/articles/\(shown.row.id)"
        html.markup(
            "<section aria-labelledby=\"h-kept\"><h2 id=\"h-kept\">What is kept of it</h2><ul class=\"links\"><li>")
        html.link(to: "\(path)/record")
        html.markup("The record as it stands on the log</a> (")
        html.text(Wording.size(shown.recordBytes))
        html.markup(" of JSON)</li><li>")
        html.link(to: "/api/v1\(path)")
        html.markup("The record with its journey and all results</a>, as the API has them</li><li>")
        html.link(to: "\(path)/original")
        html.markup("The file as it was dropped</a> (")
        html.text(
            "\(Wording.size(shown.article.ingest.bytes)), \(shown.article.ingest.format), "
                + "\(shown.article.ingest.encoding)", atMost: 300)
        html.markup("), where it is still there; it is only downloaded, never shown</li></ul></section>")
    }
}
