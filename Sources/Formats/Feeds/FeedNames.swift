import XML

/// What a feed's element is, whatever its namespace's name: feeds use several names for one vocabulary, and some none.
enum FeedNames {
    /// A vocabulary.
    enum Vocabulary {
        case core, atom, content, dublinCore, media, itunes, rdf, xhtml, other
    }

    static func vocabulary(_ namespace: String) -> Vocabulary {
        let name = namespace.lowercased()
        // A prefix that nothing declares is known by its usual meaning.
        switch name {
        case "", "rss": return .core
        case "dc", "dcterms": return .dublinCore
        case "content": return .content
        case "media": return .media
        case "itunes": return .itunes
        case "atom", "atom10", "atom03": return .atom
        case "xhtml": return .xhtml
        default: break
        }
        if name.hasPrefix("http://www.w3.org/2005/atom") || name.hasPrefix("http://purl.org/atom/") { return .atom }
        if name.hasPrefix("http://purl.org/dc/") { return .dublinCore }
        if name.hasPrefix("http://purl.org/rss/1.0/modules/content") { return .content }
        if name.hasPrefix("http://search.yahoo.com/mrss") || name.hasPrefix("http://www.rssboard.org/media-rss") {
            return .media
        }
        if name.contains("itunes.com/dtds/podcast") || name.contains("podcast-1.0.dtd") { return .itunes }
        if name.hasPrefix("http://www.w3.org/1999/02/22-rdf-syntax-ns") { return .rdf }
        if name.hasPrefix("http://www.w3.org/1999/xhtml") { return .xhtml }
        let core = [
            "http://purl.org/rss/1.0/", "http://purl.org/net/rss1.1#", "http://my.netscape.com/rdf/simple/0.9/",
            "http://channel.netscape.com/rdf/simple/0.9/", "http://backend.userland.com/rss",
            "http://blogs.law.harvard.edu/tech/rss", "http://example.com/newformat#", "http://example.com/necho",
            "http://purl.org/echo/", "uri/of/echo/namespace#", "http://purl.org/pie/",
            "http://my.theinfo.org/changed/1.0/rss/",
        ]
        return core.contains { name.hasPrefix($0) } ? .core : .other
    }
}
