import Articles
import HTTP

/// The sources with their history, and the page of one.
enum SourcesPage {
    /// The address of the page of a source.
    static func path(_ name: String) -> String { "/sources/\(percentEncoded(name))" }

    /// The page of all.
    static func render(_ sources: SourceList) -> [UInt8] {
        PageFrame(title: "Sources", section: .sources, isLive: true).render { html, now in
            html.markup("<h1>Sources</h1><p class=\"about\">")
            html.text(
                sources.quiet > 0
                    ? "\(Wording.count(sources.quiet, "source")) silent for longer than is usual for "
                        + (sources.quiet == 1 ? "it." : "them.")
                    : "None is silent for longer than is usual for it.")
            html.markup("</p>")
            SourceTable.write(sources.shown, others: sources.others, now: now, &html)
        }
    }

    /// The page of a source: its history and its last articles.
    static func render(
        _ name: String, _ standing: SourceStanding?, _ cards: [StatusSnapshot.Card]
    ) -> [UInt8] {
        var query = Query()
        query.add("source", name)
        var frame = PageFrame(title: name, section: .sources, isLive: true)
        frame.feeds = FeedLinks.all("source", title: name, query)
        return frame.render { [frame] html, now in
            html.markup("<h1>")
            html.foreign(name, atMost: 600)
            html.markup("</h1>")
            if let standing { write(standing, now, &html) }
            html.markup("<h2>Last articles</h2>")
            ArticleList.write(cards, now: now, empty: "No article of this source is kept here.", &html)
            html.markup("<nav class=\"pages\" aria-label=\"More of this source\">")
            html.link(to: "/articles?source=\(percentEncoded(name))")
            html.markup("All of its articles</a> ")
            FeedLinks.write(frame.feeds, &html)
            html.markup("</nav>")
        }
    }

    private static func write(_ standing: SourceStanding, _ now: Timestamp, _ html: inout HTMLWriter) {
        if let since = standing.quietSince {
            html.markup("<p class=\"bad\" role=\"note\">It is quiet, compared with its own habit, since ")
            html.time(since, now: now)
            html.markup(".</p>")
        }
        html.markup("<dl><dt>Last hour</dt><dd>")
        html.number(standing.lastHour)
        html.markup("</dd><dt>Last day</dt><dd>")
        html.number(standing.lastDay)
        html.markup("</dd><dt>Last article</dt><dd>")
        html.time(standing.last, now: now)
        html.markup("</dd>")
        if let gap = standing.usualGapSeconds {
            html.markup("<dt>Usual time between two</dt><dd>")
            html.text(Wording.span(gap))
            html.markup("</dd>")
        }
        html.markup("</dl><h2>The last 24 hours</h2>")
        Sparkline.write(standing.hours, each: "an hour", over: "The last 24 hours", &html)
        html.markup("<h2>The last 30 days</h2>")
        Sparkline.write(standing.days, each: "a day", over: "The last 30 days", &html)
    }
}
