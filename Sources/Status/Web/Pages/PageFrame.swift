import Articles
import Linux
import Messaging

/// What every page has around its content: the head, the search, the way to the other pages, the foot.
struct PageFrame {
    /// A page that the way leads to.
    enum Section: String, CaseIterable {
        case overview, articles, sources, quarantine, failures, searches

        var path: String { self == .overview ? "/" : "/\(rawValue)" }
        var name: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
    }

    /// A feed of what the page shows.
    struct Feed {
        /// The format's name.
        var name: String
        var title: String
        var contentType: String
        var path: String
    }

    /// The title, without the program's name.
    var title: String
    /// Where the page stands.
    var section: Section?
    /// What stands in the search.
    var query = ""
    /// The page is kept up to date by its script.
    var isLive = false
    /// It is read and not looked over: its lines are short.
    var isReading = false
    var feeds: [Feed] = []

    /// Writes the page; `body` writes the content of its main part and is given the moment that it shows.
    func render(_ body: (inout HTMLWriter, Timestamp) throws -> Void) rethrows -> [UInt8] {
        let now = Timestamp(milliseconds: Clocks.wallMilliseconds())
        var html = HTMLWriter()
        head(&html)
        html.markup("<body><a class=\"skip\" href=\"#main\">Skip to the content</a>")
        top(&html)
        html.markup("<p id=\"banner\" role=\"alert\" hidden></p><main id=\"main\" tabindex=\"-1\" data-now=\"")
        html.text(now.description)
        html.markup(isReading ? "\" class=\"reading\">" : "\">")
        try body(&html, now)
        html.markup("</main>")
        foot(&html)
        html.markup("</body></html>")
        return html.bytes
    }

    private func head(_ html: inout HTMLWriter) {
        html.markup("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        html.text(title, atMost: 400)
        html.markup(section == .overview ? "</title>" : " – Dropwire</title>")
        html.markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        html.markup("<meta name=\"color-scheme\" content=\"light dark\">")
        html.markup("<link rel=\"stylesheet\" href=\"")
        html.text(Asset.address(of: "/page.css"))
        html.markup("\"><link rel=\"icon\" href=\"")
        html.text(Asset.address(of: "/favicon.svg"))
        html.markup("\">")
        for feed in feeds {
            html.markup("<link rel=\"alternate\" type=\"")
            html.text(feed.contentType)
            html.markup("\" title=\"")
            html.text(feed.title, atMost: 400)
            html.markup("\" href=\"")
            html.text(feed.path)
            html.markup("\">")
        }
        if isLive {
            html.markup("<script src=\"")
            html.text(Asset.address(of: "/page.js"))
            html.markup("\" defer></script>")
        }
        html.markup("</head>")
    }

    private func top(_ html: inout HTMLWriter) {
        html.markup("<header><a class=\"brand\" href=\"/\">Dropwire</a><form role=\"search\" action=\"/search\">")
        html.markup("<label class=\"unseen\" for=\"q\">Search the articles</label>")
        html.markup("<input id=\"q\" name=\"q\" type=\"search\" placeholder=\"Search the articles\" value=\"")
        html.text(query)
        html.markup("\"><button>Search</button></form><nav class=\"way\" aria-label=\"Pages\">")
        for other in Section.allCases {
            html.markup("<a href=\"")
            html.text(other.path)
            html.markup(other == section ? "\" aria-current=\"page\">" : "\">")
            html.text(other.name)
            html.markup("</a>")
        }
        html.markup("</nav></header>")
    }

    private func foot(_ html: inout HTMLWriter) {
        html.markup("<footer><p>Dropwire ")
        html.text(Version.text)
        html.markup(" · <a href=\"/api/v1/status\">status</a> · <a href=\"/api/v1/directories\">directories</a> · ")
        html.markup("<a href=\"/api/v1/articles\">articles</a> · <a href=\"/api/v1/consumers\">consumers</a> · ")
        html.markup("<a href=\"/api/v1/groups\">groups</a> · <a href=\"/api/v1/quarantine\">quarantine</a> as JSON · ")
        html.markup("<a href=\"/metrics\">metrics</a> · <a href=\"/healthz\">health</a></p>")
        if isLive {
            html.markup("<noscript><p>Without JavaScript this page shows one moment: reload it for the next.</p>")
            html.markup("</noscript>")
        }
        html.markup("</footer>")
    }
}
