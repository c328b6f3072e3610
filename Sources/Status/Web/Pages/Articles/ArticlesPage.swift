import Articles

/// The list of all articles that are shown, narrowed by what a form asks for.
enum ArticlesPage {
    /// Articles of one page.
    static let limit = 30

    /// What the form can offer, and what it was sent with.
    struct Form {
        var filter: ArticleFilter
        /// The days as they were written.
        var from: String?
        var to: String?
        var sources: [String]
        /// Kinds of workers.
        var kinds: [String]

        /// The worker that is to have failed on the articles.
        var failed: String? { filter.work?.kind }

        /// The same as the query of an address.
        var query: Query {
            var query = Query()
            query.add("source", filter.source)
            query.add("language", filter.language)
            query.add("verdict", filter.verdict)
            query.add("from", from)
            query.add("to", to)
            query.add("failed", failed)
            return query
        }
    }

    static func render(_ page: ListPage<StoreReader.ArticleRow>, _ form: Form, isFirst: Bool) -> [UInt8] {
        var frame = PageFrame(title: "Articles", section: .articles, isLive: isFirst)
        frame.feeds = FeedLinks.all("latest", title: "Latest articles")
        return frame.render { [frame] html, now in
            html.markup("<h1>Articles</h1>")
            write(form, &html)
            html.markup("<h2 class=\"unseen\">The list</h2>")
            let isUnfinished = page.rows.isEmpty && page.older != nil
            if isUnfinished {
                html.markup("<p class=\"empty\">None of these so far; there are older ones to look at.</p>")
            } else {
                ArticleList.write(
                    page.rows.map(StatusSnapshot.Card.init), now: now, empty: "No such article is kept here.", &html)
            }
            html.markup("<nav class=\"pages\" aria-label=\"Pages of the articles\">")
            if !isFirst { link("The last ones", form.query, &html) }
            if let newer = page.newer, !isFirst {
                var query = form.query
                query.add("after", "\(newer)")
                link("Newer ones", query, &html)
            }
            if let older = page.older {
                var query = form.query
                query.add("before", "\(older)")
                link("Older ones", query, &html)
            }
            FeedLinks.write(frame.feeds, &html)
            html.markup("</nav>")
        }
    }

    private static func link(_ name: StaticString, _ query: Query, _ html: inout HTMLWriter) {
        html.link(to: "/articles\(query.text)")
        html.markup(name)
        html.markup("</a> ")
    }

    private static func write(_ form: Form, _ html: inout HTMLWriter) {
        html.markup("<form class=\"filter\" action=\"/articles\">")
        FilterField.choice("source", label: "Source", form.sources, chosen: form.filter.source, any: "any", &html)
        FilterField.text("language", label: "Language", form.filter.language, &html)
        FilterField.choice(
            "verdict", label: "Verdict", ["unique", "exact", "near", "revision"], chosen: form.filter.verdict,
            any: "any", &html)
        FilterField.day("from", label: "From (UTC)", form.from, &html)
        FilterField.day("to", label: "To, with that day", form.to, &html)
        FilterField.choice("failed", label: "Failed at", form.kinds, chosen: form.failed, any: "any or none", &html)
        html.markup("<button>Filter</button></form>")
    }
}
