import Articles

/// Sources as every list shows them.
enum SourceTable {
    /// Writes the table, or that there is none.
    static func write(_ sources: [SourceStanding], others: Int, now: Timestamp, _ html: inout HTMLWriter) {
        guard !sources.isEmpty else {
            html.markup("<p class=\"empty\">No source has sent an article yet.</p>")
            return
        }
        html.markup(
            "<table class=\"folding sources\"><caption class=\"unseen\">Sources and what came of each</caption>")
        html.markup("<thead><tr><th scope=\"col\">Source</th><th scope=\"col\">24 hours</th>")
        html.markup("<th scope=\"col\" class=\"n\">A second</th><th scope=\"col\" class=\"n\">Last hour</th>")
        html.markup("<th scope=\"col\" class=\"n\">Last day</th><th scope=\"col\" class=\"n\">Last article</th></tr>")
        html.markup("</thead><tbody>")
        for source in sources { write(source, now, &html) }
        html.markup("</tbody></table>")
        if others > 0 {
            html.markup("<p class=\"about\">")
            html.text("and \(Wording.count(others, "more source"))")
            html.markup("</p>")
        }
    }

    private static func write(_ source: SourceStanding, _ now: Timestamp, _ html: inout HTMLWriter) {
        html.markup("<tr data-key=\"")
        html.text(source.source, atMost: 400)
        html.markup("\"><th scope=\"row\"><span class=\"dot ")
        html.markup(source.quietSince != nil ? "bad\">quiet" : source.isEnded ? "held\">ended" : "good\">heard")
        html.markup("</span> ")
        if source.source.isEmpty {
            html.markup("All others")
        } else {
            html.link(to: SourcesPage.path(source.source))
            html.foreign(source.source, atMost: 200)
            html.markup("</a>")
        }
        if let since = source.quietSince {
            html.markup("<small class=\"bad\">quiet since ")
            html.time(since, now: now)
            if let gap = source.usualGapSeconds { html.text("; usually one in \(Wording.span(max(1, gap)))") }
            html.markup("</small>")
        }
        html.markup("</th><td class=\"sparked\">")
        Sparkline.write(source.hours, each: "an hour", over: "The last 24 hours", &html)
        html.markup("</td><td class=\"n\" data-name=\"A second\">")
        html.text(Wording.rate(source.perSecond))
        html.markup("</td><td class=\"n\" data-name=\"Last hour\">")
        html.number(source.lastHour)
        html.markup("</td><td class=\"n\" data-name=\"Last day\">")
        html.number(source.lastDay)
        html.markup("</td><td class=\"n\" data-name=\"Last article\">")
        html.time(source.last, now: now)
        html.markup("</td></tr>")
    }
}
