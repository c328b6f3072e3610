import Articles

/// The list of articles that a worker has failed on.
enum FailuresPage {
    /// Failures of one page.
    static let limit = 50

    static func render(
        _ page: StoreReader.FailurePage, _ filter: FailureFilter, counts: (all: Int64, dead: Int64), kinds: [String],
        isFirst: Bool, token: String
    ) -> [UInt8] {
        PageFrame(title: "Failures", section: .failures, isLive: isFirst).render { html, now in
            html.markup("<h1>Failures <span id=\"failure-count\">")
            html.number(counts.all)
            html.markup("</span></h1><p class=\"about\">")
            html.text(
                "Articles that a worker failed on. \(Wording.number(counts.dead)) of them were given up and come again "
                    + "only by a retry; the others are tried again by themselves.")
            html.markup("</p>")
            form(filter, kinds, &html)
            html.markup("<h2 class=\"unseen\">The list</h2>")
            if page.failures.isEmpty, page.next != nil {
                html.markup("<p class=\"empty\">None of these so far; there are more to look at.</p>")
            } else {
                FailureList.write(page.failures, now: now, token: token, &html)
            }
            if counts.all > 0 {
                html.markup("<details><summary>All failures</summary>")
                ActionForm(
                    path: FailureList.action, token: token, fields: [("all", "true")],
                    choices: ActionForm.retryOrDiscardAll, about: nil
                ).write(to: &html)
                html.markup("</details>")
            }
            if let next = page.next {
                var query = Query()
                query.add("kind", filter.kind)
                query.add("source", filter.source)
                query.add("dead", filter.isDead.map { $0 ? "yes" : "no" })
                query.add("after", next.text)
                html.more("Pages of the failures", at: "/failures\(query.text)")
            }
        }
    }

    private static func form(_ filter: FailureFilter, _ kinds: [String], _ html: inout HTMLWriter) {
        html.markup("<form class=\"filter\" action=\"/failures\">")
        FilterField.choice("kind", label: "Worker", kinds, chosen: filter.kind, any: "any worker", &html)
        FilterField.choice(
            "dead", label: "State", ["yes", "no"], names: ["given up", "tried again"],
            chosen: filter.isDead.map { $0 ? "yes" : "no" }, any: "any state", &html)
        FilterField.text("source", label: "Source", filter.source, &html)
        html.markup("<button>Filter</button></form>")
    }
}
