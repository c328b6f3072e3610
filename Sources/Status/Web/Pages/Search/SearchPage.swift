import Articles
import Linux

/// The page of a search.
enum SearchPage {
    enum Outcome {
        case nothingAsked
        case found(JSONValue)
        /// What is wrong, and where in the query, in Unicode scalars, where that is known.
        case problem(String, offset: Int?)
    }

    static func render(_ question: SearchQuestion, _ outcome: Outcome, token: String) -> [UInt8] {
        let title = question.text.isEmpty ? "Search" : "\(question.text.prefix(80)) – search"
        var frame = PageFrame(title: title, section: .searches, query: question.text)
        if case .found = outcome {
            var query = Query()
            query.add("q", question.text)
            frame.feeds = FeedLinks.all("search", title: "Search: \(question.text.prefix(80))", query)
        }
        return frame.render { [frame] html, now in
            html.markup("<h1>Search</h1>")
            switch outcome {
            case .nothingAsked: help(&html)
            case .problem(let detail, let offset):
                html.markup("<p class=\"bad\" role=\"alert\">")
                html.foreign(detail, atMost: 1200)
                html.markup("</p>")
                if let offset { place(offset, in: question.text, &html) }
                help(&html)
            case .found(let results):
                found(question, results, now, &html)
                keep(question, frame.feeds, token, &html)
            }
        }
    }

    private static func help(_ html: inout HTMLWriter) {
        html.markup("<dl class=\"help\"><dt>ferry storm</dt><dd>both words, in any of their forms</dd>")
        html.markup("<dt>\"night train\"</dt><dd>the words as they stand, side by side</dd>")
        html.markup("<dt>harb*</dt><dd>what begins so</dd>")
        html.markup("<dt>ferry OR train, ferry NOT storm, (a OR b) c</dt><dd>one of both, without, together</dd>")
        html.markup("<dt>title:ferry, byline:lee, keyword:trade</dt><dd>in one field</dd>")
        html.markup("<dt>source:agency, section:sport, lang:de, after:2026-02-01, before:2026-03-01</dt>")
        html.markup("<dd>only these</dd></dl>")
    }

    /// Shows where a query is wrong.
    private static func place(_ offset: Int, in text: String, _ html: inout HTMLWriter) {
        let scalars = Array(text.unicodeScalars)
        let start = min(max(0, offset), scalars.count)
        let end = scalars[start...].firstIndex { $0.properties.isWhitespace } ?? scalars.count
        func part(_ range: Range<Int>) -> String {
            String(String.UnicodeScalarView(scalars[range]))
        }
        html.markup("<p class=\"query\"><code><bdi>")
        html.text(part(max(0, start - 200)..<start))
        html.markup("<mark>")
        // At the end, where something is missing, there is nothing to mark.
        html.text(start == end ? "▁" : part(start..<end), atMost: 400)
        html.markup("</mark>")
        html.text(part(end..<min(scalars.count, end + 200)))
        html.markup("</bdi></code></p>")
    }

    private static func found(
        _ question: SearchQuestion, _ results: JSONValue, _ now: Timestamp, _ html: inout HTMLWriter
    ) {
        let hits = results["hits"]?.arrayValue ?? []
        let total = results["total"]?.integerValue ?? Int64(hits.count)
        let stories = results["stories"]?.integerValue
        html.markup("<p role=\"status\">")
        let inStories = stories.map { ", in \($0 == 1 ? "1 story" : "\(Wording.number($0)) stories")" } ?? ""
        html.text(total == 0 ? "Nothing was found." : "\(Wording.count(total, "article")) found\(inStories).")
        html.markup("</p>")
        if total == 0 { help(&html) }
        html.markup("<div class=\"columns search\"><div>")
        if total > 0 { choices(question, &html) }
        list(hits, question, now, &html)
        pages(question, shown: hits.count, of: stories ?? total, &html)
        html.markup("</div><div>")
        SearchFacets.write(results["facets"] ?? .null, question, &html)
        html.markup("</div></div>")
    }

    /// What lets the search go on without anybody asking: its feeds, and its name among the saved ones.
    private static func keep(
        _ question: SearchQuestion, _ feeds: [PageFrame.Feed], _ token: String, _ html: inout HTMLWriter
    ) {
        html.markup("<section aria-labelledby=\"h-keep\"><h2 id=\"h-keep\">Keep this search</h2><p class=\"pages\">")
        FeedLinks.write(feeds, &html)
        html.markup("</p><form method=\"post\" class=\"filter\" action=\"")
        html.text(SearchesPage.action)
        html.markup("\"><input type=\"hidden\" name=\"")
        html.text(Site.formTokenField)
        html.markup("\" value=\"")
        html.text(token)
        html.markup("\"><input type=\"hidden\" name=\"q\" value=\"")
        html.text(question.text)
        html.markup("\"><label><span>Name (a-z, 0-9, . _ -)</span> ")
        html.markup("<input name=\"name\" required maxlength=\"40\" pattern=\"[a-z0-9._\\-]+\"></label>")
        html.markup("<button name=\"action\" value=\"save\">Save this search</button></form></section>")
    }

    private static func list(
        _ hits: [JSONValue], _ question: SearchQuestion, _ now: Timestamp, _ html: inout HTMLWriter
    ) {
        guard !hits.isEmpty else { return }
        html.markup("<ol class=\"list\" id=\"latest\">")
        for hit in hits {
            let id = ArticleID(hit["id"]?.stringValue ?? "")
            html.markup("<li><h2>")
            html.link(to: "/articles/\(id?.description ?? "")")
            let title = hit["title"]?.stringValue ?? ""
            html.foreign(title.isEmpty ? "Without a title" : title, atMost: 1200)
            html.markup("</a></h2><p class=\"about\">")
            for signal in (hit["signals"]?.arrayValue ?? []).prefix(5).compactMap(\.stringValue) {
                ArticleList.chip(signal, &html)
            }
            html.foreign(hit["source"]?.stringValue ?? "", atMost: 200)
            html.markup(" · ")
            html.foreign(hit["language"]?.stringValue ?? "", atMost: 40)
            if let published = hit["published"]?.stringValue.flatMap({ Timestamp($0) }) {
                html.markup(" · ")
                html.time(published, now: now)
            }
            html.markup("</p>")
            snippet(hit["snippet"]?.arrayValue ?? [], &html)
            if let others = hit["others"]?.integerValue, others > 0, let id {
                var story = question
                story.text = "story:\(id)"
                story.collapse = nil
                story.offset = 0
                html.markup("<p>")
                link(story, "\(Wording.number(others)) more of this story", &html)
                html.markup("</p>")
            }
            html.markup("</li>")
        }
        html.markup("</ol>")
    }

    private static func snippet(_ parts: [JSONValue], _ html: inout HTMLWriter) {
        html.markup("<p class=\"summary\"><bdi>")
        for part in parts.prefix(60) {
            let isMarked = part["mark"] == .boolean(true)
            if isMarked { html.markup("<mark>") }
            html.text(part["text"]?.stringValue ?? "", atMost: 1200)
            if isMarked { html.markup("</mark>") }
        }
        html.markup("</bdi></p>")
    }

    private static func pages(_ question: SearchQuestion, shown: Int, of all: Int64, _ html: inout HTMLWriter) {
        let next = question.offset + shown
        let hasNext = shown > 0 && Int64(next) < all
        guard question.offset > 0 || hasNext else { return }
        html.markup("<nav aria-label=\"Pages of the search\" class=\"pages\">")
        func page(at offset: Int, _ name: String) {
            var page = question
            page.offset = offset
            link(page, name, &html)
        }
        if question.offset > 0 { page(at: max(0, question.offset - question.limit), "Before") }
        if hasNext { page(at: next, "More") }
        html.markup("</nav>")
    }

    /// The orders, and stories or articles.
    private static func choices(_ question: SearchQuestion, _ html: inout HTMLWriter) {
        html.markup("<nav aria-label=\"Order of the search\" class=\"pages\">")
        for (sort, name) in [("relevance", "Best first"), ("date", "Latest first"), ("arrival", "As they came")] {
            var other = question
            other.sort = sort
            other.offset = 0
            // It goes with relevance only.
            if sort != "relevance" { other.recency = nil }
            link(other, name, isCurrent: sort == question.sort, &html)
        }
        var other = question
        other.collapse = question.collapse == "story" ? nil : "story"
        other.offset = 0
        link(other, other.collapse == nil ? "Each article" : "One of each story", &html)
        html.markup("</nav>")
    }

    /// Writes a link to another search.
    static func link(_ question: SearchQuestion, _ name: String, isCurrent: Bool = false, _ html: inout HTMLWriter) {
        html.markup(isCurrent ? "<a aria-current=\"true\" href=\"" : "<a href=\"")
        html.text(path(question), atMost: 64 << 10)
        html.markup("\">")
        html.foreign(name, atMost: 400)
        html.markup("</a> ")
    }

    /// The address of a search.
    static func path(_ question: SearchQuestion) -> String {
        var query = Query()
        query.add("q", question.text)
        if question.sort != "relevance" { query.add("sort", question.sort) }
        if question.limit != 20 { query.add("limit", "\(question.limit)") }
        if question.offset > 0 { query.add("offset", "\(question.offset)") }
        query.add("collapse", question.collapse)
        query.add("recency", question.recency)
        return "/search" + query.text
    }
}
