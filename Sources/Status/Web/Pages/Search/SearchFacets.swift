import Articles

/// What the articles that were found have in common, each as a link that narrows the search to it.
enum SearchFacets {
    /// Values of one facet that are shown.
    private static let most = 12

    /// Writes them; nothing where there is nothing to choose.
    static func write(_ facets: JSONValue, _ question: SearchQuestion, _ html: inout HTMLWriter) {
        for (name, title) in [("source", "Source" as StaticString), ("language", "Language"), ("day", "Day")] {
            let counts: [(value: String, count: Int64)] = (facets[name]?.arrayValue ?? []).compactMap { count in
                guard let value = count["value"]?.stringValue, !value.isEmpty else { return nil }
                return (value, count["count"]?.integerValue ?? 0)
            }
            guard !counts.isEmpty else { continue }
            html.markup("<section class=\"facet\"><h2>")
            html.markup(title)
            html.markup("</h2><ul>")
            for (value, count) in counts.prefix(most) {
                html.markup("<li>")
                write(name, value, question, &html)
                html.markup(" <span class=\"about\">")
                html.number(count)
                html.markup("</span></li>")
            }
            html.markup("</ul>")
            if counts.count > most {
                html.markup("<p class=\"about\">")
                html.text("and \(Wording.number(counts.count - most)) more")
                html.markup("</p>")
            }
            html.markup("</section>")
        }
    }

    private static func write(
        _ name: String, _ value: String, _ question: SearchQuestion, _ html: inout HTMLWriter
    ) {
        let condition = condition(name, value)
        var other = question
        other.offset = 0
        other.cursor = nil
        if let wider = SearchFacets.without(condition, in: question.text) {
            other.text = wider
            SearchPage.link(other, value, isCurrent: true, &html)
            html.markup("<span class=\"unseen\">(chosen; the link takes the choice back)</span>")
        } else {
            other.text = SearchFacets.adding(condition, to: question.text)
            SearchPage.link(other, value, &html)
        }
    }

    /// The words of the query language that ask for a value.
    private static func condition(_ name: String, _ value: String) -> String {
        guard name != "day" else {
            let next = Timestamp("\(value)T00:00:00Z").map { Timestamp(milliseconds: $0.milliseconds + 86_400_000).day }
            return "after:\(value) before:\(next ?? value)"
        }
        let isPlain = value.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                || byte == 0x2d || byte == 0x5f || byte == 0x2e
        }
        let quoted = isPlain ? value : "\"\(value.replacing("\"", with: " "))\""
        return "\(name == "language" ? "lang" : name):\(quoted)"
    }

    /// A query with one condition more, which holds for all of it.
    static func adding(_ condition: String, to query: String) -> String {
        let hasChoice = query.split(separator: " ").contains("OR")
        return hasChoice ? "(\(query)) \(condition)" : "\(query) \(condition)"
    }

    /// A query without a condition that was added; nil where it has none. What alone would be left asks for nothing.
    static func without(_ condition: String, in query: String) -> String? {
        guard query.hasSuffix(" \(condition)") || query.contains(" \(condition) ") else { return nil }
        return query.hasSuffix(" \(condition)")
            ? String(query.dropLast(condition.count + 1))
            : query.replacing(" \(condition) ", with: " ", maxReplacements: 1)
    }
}
