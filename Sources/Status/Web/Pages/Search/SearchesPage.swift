import Articles
import HTTP

/// The saved searches, each with what it found last.
enum SearchesPage {
    /// A saved search with its last matches.
    struct Saved {
        var name: String
        var query: String
        var created: Timestamp?
        /// The index's answer; nil where it has none.
        var results: JSONValue?
    }

    /// What the forms post to.
    static let action = "/api/v1/searches"
    /// Searches of one page, and matches of each that are shown.
    static let limit = 20
    static let matches = 3

    static func render(_ searches: [Saved], next: String?, problem: String?, token: String) -> [UInt8] {
        PageFrame(title: "Saved searches", section: .searches, isReading: true).render { html, now in
            html.markup(
                "<h1>Saved searches</h1><p class=\"about\">Every article that comes in is held against each of ")
            html.markup("them; what it finds is on its feed, and goes out as <code>match/NAME/</code> on the wire.</p>")
            if let problem {
                html.markup("<p class=\"bad\" role=\"alert\">")
                html.foreign(problem, atMost: 1200)
                html.markup("</p>")
            } else if searches.isEmpty {
                html.markup("<p class=\"empty\">No search is saved. Search for something, and save that search.</p>")
            } else {
                html.markup("<ul class=\"list\">")
                for search in searches { write(search, now, token, &html) }
                html.markup("</ul>")
            }
            if let next { html.more("Pages of the searches", at: "/searches?after=\(percentEncoded(next))") }
        }
    }

    private static func write(_ search: Saved, _ now: Timestamp, _ token: String, _ html: inout HTMLWriter) {
        html.markup("<li data-key=\"")
        html.text(search.name)
        html.markup("\"><h2>")
        var query = Query()
        query.add("q", search.query)
        query.add("sort", "arrival")
        html.link(to: "/search\(query.text)")
        html.foreign(search.name, atMost: 160)
        html.markup("</a></h2><p class=\"about\"><code><bdi>")
        html.text(search.query, atMost: 1200)
        html.markup("</bdi></code>")
        if let created = search.created {
            html.markup(" · saved ")
            html.time(created, now: now)
        }
        html.markup("</p>")
        if let results = search.results {
            html.markup("<p class=\"about\">")
            html.text("\(Wording.count(results["total"]?.integerValue ?? 0, "article")) so far")
            html.markup("</p><ul class=\"links\">")
            for hit in (results["hits"]?.arrayValue ?? []).prefix(matches) {
                html.markup("<li>")
                html.link(to: "/articles/\(ArticleID(hit["id"]?.stringValue ?? "")?.description ?? "")")
                html.foreign(hit["title"]?.stringValue ?? "Without a title", atMost: 600)
                html.markup("</a></li>")
            }
            html.markup("</ul>")
        } else {
            html.markup("<p class=\"bad\">The index has not answered it.</p>")
        }
        html.markup("<p class=\"pages\">")
        var named = Query()
        named.add("name", search.name)
        FeedLinks.write(FeedLinks.all("saved", title: search.name, named), &html)
        html.markup("</p>")
        ActionForm(
            path: action, token: token, fields: [("name", search.name)],
            choices: [.init(value: "remove", label: "Forget it")], about: search.name
        ).write(to: &html)
        html.markup("</li>")
    }
}
