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
                "<p class=\"empty\">Words, \"phrases\", prefix*, AND OR NOT, title: source: section: lang: after:2025-02-01"
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
        html.text(total == 0 ? "Nothing was found." : "\(Wording.number(total)) found.")
        html.markup("</p><ol id=\"latest\">")
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
            html.markup("</bdi></p></li>")
        }
        html.markup("</ol><nav aria-label=\"Pages of the search\" class=\"pages\">")
        if question.offset > 0 { link(question, offset: max(0, question.offset - question.limit), "Before", &html) }
        let next = question.offset + hits.count
        if !hits.isEmpty, Int64(next) < total { link(question, offset: next, "More", &html) }
        html.markup("</nav>")
    }

    private static func link(_ question: SearchQuestion, offset: Int, _ name: String, _ html: inout HTMLWriter) {
        html.markup("<a href=\"/search?q=")
        html.text(percentEncoded(question.text))
        html.text("&sort=\(question.sort)&limit=\(question.limit)&offset=\(offset)")
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
