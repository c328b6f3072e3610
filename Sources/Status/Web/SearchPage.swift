import Articles
import Linux

/// The page of a search.
enum SearchPage {
    enum Outcome {
        case nothingAsked
        case found(JSONValue)
        case problem(String)
    }

    static func render(_ question: SearchQuestion, _ outcome: Outcome) -> [UInt8] {
        var html = HTMLWriter()
        PageRenderer.head(&html, title: "Search – Dropwire")
        PageRenderer.top(&html, query: question.text)
        html.markup("</header><main id=\"main\" tabindex=\"-1\" class=\"reading\"><h1>Search</h1>")
        switch outcome {
        case .nothingAsked:
            html.markup(
                "<p class=\"empty\">Words, \"phrases\", prefix*, AND OR NOT, title: source: section: story: lang: after:2025-02-01"
            )
            html.markup("</p>")
        case .problem(let detail):
            html.markup("<p class=\"bad\" role=\"alert\">")
            html.foreign(detail)
            html.markup("</p>")
        case .found(let results): found(question, results, &html)
        }
        html.markup("</main>")
        PageRenderer.foot(&html)
        return html.bytes
    }

    private static func found(_ question: SearchQuestion, _ results: JSONValue, _ html: inout HTMLWriter) {
        let hits = results["hits"]?.arrayValue ?? []
        let total = results["total"]?.integerValue ?? Int64(hits.count)
        let now = Timestamp(milliseconds: Clocks.wallMilliseconds())
        html.markup("<p>")
        let stories = results["stories"]?.integerValue
        let found = stories.map { "\(Wording.number(total)) found, in \(Wording.number($0)) stories." }
        html.text(total == 0 ? "Nothing was found." : found ?? "\(Wording.number(total)) found.")
        html.markup("</p>")
        if total > 0 { choices(question, &html) }
        html.markup("<ol id=\"latest\">")
        for hit in hits {
            html.markup("<li><h2><a href=\"/articles/")
            html.text(ArticleID(hit["id"]?.stringValue ?? "")?.description ?? "")
            html.markup("\">")
            let title = hit["title"]?.stringValue ?? ""
            html.foreign(title.isEmpty ? "Without a title" : String(title.prefix(300)))
            html.markup("</a></h2><p class=\"about\">")
            for signal in (hit["signals"]?.arrayValue ?? []).prefix(5).compactMap(\.stringValue) {
                html.markup("<span class=\"verdict other\">")
                html.foreign(String(signal.prefix(40)))
                html.markup("</span> ")
            }
            html.foreign(hit["source"]?.stringValue ?? "")
            if let published = hit["published"]?.stringValue.flatMap({ Timestamp($0) }) {
                html.markup(" · ")
                html.time(published, now: now)
            }
            html.markup("</p><p class=\"summary\"><bdi>")
            for part in hit["snippet"]?.arrayValue ?? [] {
                let isMarked = part["mark"] == .boolean(true)
                if isMarked { html.markup("<mark>") }
                html.text(part["text"]?.stringValue ?? "")
                if isMarked { html.markup("</mark>") }
            }
            html.markup("</bdi></p>")
            if let others = hit["others"]?.integerValue, others > 0,
                let id = ArticleID(hit["id"]?.stringValue ?? "")
            {
                var story = question
                story.text = "story:\(id)"
                story.collapse = nil
                html.markup("<p>")
                link(
                    story, others == 1 ? "1 more of this story" : "\(Wording.number(others)) more of this story", &html)
                html.markup("</p>")
            }
            html.markup("</li>")
        }
        html.markup("</ol><nav aria-label=\"Pages of the search\" class=\"pages\">")
        func page(at offset: Int, _ name: String) {
            var page = question
            page.offset = offset
            link(page, name, &html)
        }
        if question.offset > 0 { page(at: max(0, question.offset - question.limit), "Before") }
        let next = question.offset + hits.count
        if !hits.isEmpty, Int64(next) < stories ?? total { page(at: next, "More") }
        html.markup("</nav>")
    }

    /// The other orders, and stories or articles.
    private static func choices(_ question: SearchQuestion, _ html: inout HTMLWriter) {
        html.markup("<nav aria-label=\"Order of the search\" class=\"pages\">")
        for (sort, name) in [("relevance", "Best first"), ("date", "Latest first"), ("arrival", "As they came")]
        where sort != question.sort {
            var other = question
            other.sort = sort
            other.offset = 0
            // It goes with relevance only.
            if sort != "relevance" { other.recency = nil }
            link(other, name, &html)
        }
        var other = question
        other.collapse = question.collapse == "story" ? nil : "story"
        other.offset = 0
        link(other, other.collapse == nil ? "Each article" : "One of each story", &html)
        html.markup("</nav>")
    }

    private static func link(_ question: SearchQuestion, _ name: String, _ html: inout HTMLWriter) {
        html.markup("<a href=\"/search?q=")
        html.text(percentEncoded(question.text))
        html.text("&sort=\(question.sort)&limit=\(question.limit)&offset=\(question.offset)")
        if let collapse = question.collapse { html.text("&collapse=\(collapse)") }
        if let recency = question.recency { html.text("&recency=\(percentEncoded(recency))") }
        html.markup("\">")
        html.text(name)
        html.markup("</a> ")
    }

    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
