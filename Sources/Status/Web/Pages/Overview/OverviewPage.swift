import Articles
import Messaging

/// The page at `/`: whether anything is lost or stuck, what flows, what waits, what is wrong and who is alive.
enum OverviewPage {
    /// Sources that are told one by one; the page of sources has more.
    private static let mostSources = 12

    /// Writes the page; `token` makes the hidden field of a form that is sent to a path.
    static func render(_ snapshot: StatusSnapshot, token: (String) -> String) -> [UInt8] {
        PageFrame(title: "Dropwire", section: .overview, isLive: true).render { html, _ in
            let glance = Glance(snapshot)
            html.markup("<h1 class=\"unseen\">Overview</h1><p id=\"health\" role=\"status\" class=\"")
            html.text(glance.level.rawValue)
            html.markup("\">")
            html.text(glance.sentence)
            html.markup("</p><nav class=\"jump\" aria-label=\"Parts of this page\"><a href=\"#h-flow\">Flow</a>")
            html.markup("<a href=\"#h-sources\">Sources</a><a href=\"#h-latest\">Articles</a>")
            html.markup("<a href=\"#h-quarantine\">Quarantine</a><a href=\"#h-failures\">Failures</a>")
            html.markup("<a href=\"#h-processes\">Processes</a></nav>")
            troubles(snapshot, &html)
            flow(snapshot, &html)
            directories(snapshot, &html)
            sources(snapshot, &html)
            html.markup("<div class=\"columns\"><section aria-labelledby=\"h-latest\">")
            html.markup("<h2 id=\"h-latest\">Last articles</h2>")
            ArticleList.write(
                snapshot.cards, now: snapshot.time,
                empty: "No article has come in yet. A file that is dropped shows up here in about a second.", &html)
            html.markup("</section><div>")
            quarantine(snapshot, token(QuarantinePage.action), &html)
            failures(snapshot, token(FailureList.action), &html)
            processes(snapshot, &html)
            consumers(snapshot, &html)
            storage(snapshot, &html)
            html.markup("</div></div>")
        }
    }

    private static func troubles(_ snapshot: StatusSnapshot, _ html: inout HTMLWriter) {
        guard !snapshot.troubles.isEmpty else { return }
        html.markup("<section aria-labelledby=\"h-troubles\" id=\"troubles\"><h2 id=\"h-troubles\">Troubles</h2><ul>")
        for trouble in snapshot.troubles.prefix(mostTroubles) {
            html.markup("<li data-key=\"")
            html.text("\(trouble.name) \(trouble.text)", atMost: 400)
            html.markup("\"><strong>")
            html.foreign(trouble.name, atMost: 200)
            html.markup("</strong> ")
            html.foreign(trouble.text, atMost: 2000)
            html.markup("</li>")
        }
        let more = snapshot.troubles.count - mostTroubles
        if more > 0 {
            html.markup("<li>")
            html.text("and \(Wording.count(more, "more trouble"))")
            html.markup("</li>")
        }
        html.markup("</ul></section>")
    }

    /// The most troubles that are told one by one.
    private static let mostTroubles = 20

    private static func sources(_ snapshot: StatusSnapshot, _ html: inout HTMLWriter) {
        html.markup("<section aria-labelledby=\"h-sources\"><h2 id=\"h-sources\">Sources</h2>")
        let sources = snapshot.sources
        let shown = Array(sources.shown.prefix(mostSources))
        SourceTable.write(shown, others: 0, now: snapshot.time, &html)
        let others = sources.shown.count - shown.count + sources.others
        if others > 0 {
            html.markup("<p class=\"about\"><a href=\"/sources\">")
            html.text("and \(Wording.count(others, "more source"))")
            html.markup("</a></p>")
        }
        html.markup("</section>")
    }

    private static func quarantine(_ snapshot: StatusSnapshot, _ token: String, _ html: inout HTMLWriter) {
        html.markup("<section aria-labelledby=\"h-quarantine\"><h2 id=\"h-quarantine\">Quarantine ")
        html.markup("<span id=\"quarantine-count\">")
        html.number(snapshot.quarantineCount)
        html.markup("</span></h2>")
        let shown = Array(snapshot.quarantined.prefix(mostDecisions))
        QuarantineList.write(shown, now: snapshot.time, token: token, &html)
        if snapshot.quarantineCount > shown.count {
            html.markup("<p class=\"about\"><a href=\"/quarantine\">All that lies in quarantine</a></p>")
        }
        html.markup("</section>")
    }

    private static func failures(_ snapshot: StatusSnapshot, _ token: String, _ html: inout HTMLWriter) {
        html.markup("<section aria-labelledby=\"h-failures\"><h2 id=\"h-failures\">Failures ")
        html.markup("<span id=\"failure-count\">")
        html.number(snapshot.failureCounts.all)
        html.markup("</span></h2>")
        let shown = Array(snapshot.failures.prefix(mostDecisions))
        FailureList.write(shown, now: snapshot.time, token: token, &html)
        if snapshot.failureCounts.all > shown.count {
            html.markup("<p class=\"about\"><a href=\"/failures\">All failures</a></p>")
        }
        html.markup("</section>")
    }

    /// The most files and failures, each with its buttons, that stand on this page.
    private static let mostDecisions = 8
}
