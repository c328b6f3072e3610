import Exporting

/// Where the feeds of a list are, as its page links them.
enum FeedLinks {
    /// Those of one list in every format.
    ///
    /// - Parameters:
    ///   - name: what the feeds are called: `latest`, `source`, `search` or `saved`.
    ///   - query: says which one is meant.
    static func all(_ name: String, title: String, _ query: Query = Query()) -> [PageFrame.Feed] {
        FeedFormat.allCases.map { format in
            let label =
                switch format {
                case .rss: "RSS"
                case .atom: "Atom"
                case .json: "JSON Feed"
                }
            return PageFrame.Feed(
                name: label, title: "\(title) (\(label))",
                contentType: String(format.contentType.prefix { $0 != ";" }),
                path: "/feeds/\(name).\(format.rawValue)\(query.text)")
        }
    }

    /// Writes them as links.
    static func write(_ feeds: [PageFrame.Feed], _ html: inout HTMLWriter) {
        for feed in feeds {
            html.link(to: feed.path)
            html.text(feed.name)
            html.markup("</a> ")
        }
    }
}
