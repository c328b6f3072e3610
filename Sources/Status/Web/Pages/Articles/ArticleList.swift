import Articles

/// Articles as every list shows them.
enum ArticleList {
    /// Writes the list, or `empty` where there is none.
    static func write(
        _ cards: [StatusSnapshot.Card], now: Timestamp, empty: StaticString, _ html: inout HTMLWriter
    ) {
        guard !cards.isEmpty else {
            html.markup("<p class=\"empty\">")
            html.markup(empty)
            html.markup("</p>")
            return
        }
        html.markup("<ol class=\"list\" id=\"latest\">")
        for card in cards { write(card, now, &html) }
        html.markup("</ol>")
    }

    private static func write(_ card: StatusSnapshot.Card, _ now: Timestamp, _ html: inout HTMLWriter) {
        html.markup("<li data-key=\"")
        html.text("\(card.row)")
        html.markup("\"><h3>")
        html.link(to: "/articles/\(card.id)")
        html.foreign(card.title.isEmpty ? "Without a title" : card.title, atMost: 1200)
        html.markup("</a></h3><p class=\"about\">")
        if let verdict = card.verdict { chip(verdict, isGood: verdict == "unique", &html) }
        html.link(to: SourcesPage.path(card.source))
        html.foreign(card.source, atMost: 200)
        html.markup("</a> · ")
        html.foreign(card.language, atMost: 40)
        html.markup(" · ")
        html.time(card.time, now: now)
        html.markup("</p>")
        if !card.summary.isEmpty {
            html.markup("<p class=\"summary\">")
            html.foreign(card.summary.joined(separator: " "), atMost: 2000)
            html.markup("</p>")
        }
        for failure in card.failures.prefix(8) {
            html.markup("<p class=\"bad\">")
            html.foreign(failure, atMost: 600)
            html.markup("</p>")
        }
        html.markup("</li>")
    }

    /// Writes a word with a ground of its own.
    static func chip(_ word: String, isGood: Bool = false, _ html: inout HTMLWriter) {
        html.markup(isGood ? "<span class=\"verdict unique\">" : "<span class=\"verdict other\">")
        html.foreign(word, atMost: 80)
        html.markup("</span> ")
    }
}
