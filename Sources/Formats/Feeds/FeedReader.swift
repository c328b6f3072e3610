import Articles
import XML

/// Reads the entries of a feed that was parsed: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0.
struct FeedReader {
    private let tree: XMLTree
    private let context: FormatContext
    let encoding: String
    private let warnings: [String]
    private let isCut: Bool
    private let channel: FeedElement
    private let isAtom: Bool
    private let feedBase: String?
    private let feedLanguage: String?
    /// What the feed calls itself.
    let feedTitle: String?
    private let feedAuthors: [String]
    private let feedRights: String?

    /// Takes a parsed feed.
    ///
    /// - Parameter isCut: the document ends within an element, so that the last entry may not be whole.
    init(_ tree: XMLTree, _ context: FormatContext, encoding: String, warnings: [String], isCut: Bool) {
        self.isCut = isCut
        self.tree = tree
        self.context = context
        self.encoding = encoding
        self.warnings = warnings
        let root = FeedElement(tree, 0)
        let channel = root.first("channel", .core, .other).map { FeedElement(tree, $0) } ?? root
        self.channel = channel
        let rootName = tree.name(0)!
        isAtom = rootName.local.lowercased() == "feed" || rootName.local.lowercased() == "entry"
        let base = channel.base(at: channel.index, nil)
        let link = FeedReader.link(of: channel, isAtom: isAtom, base: base)
        feedBase = base ?? link
        feedLanguage =
            (tree.attribute("lang", XMLTree.xml, of: channel.index) ?? tree.attribute("lang", XMLTree.xml, of: 0)
            ?? channel.text("language", .core, .dublinCore, .atom)).flatMap(LanguageTag.normalized)
        feedTitle = channel.first("title", .core, .atom, .dublinCore).flatMap { [isAtom] in
            channel.title(at: $0, isAtom: isAtom)
        }
        feedAuthors = FeedReader.authors(of: channel, isAtom: isAtom)
        feedRights = channel.text("copyright", .core, .atom) ?? channel.text("rights", .dublinCore, .atom)
    }

    /// The entries in their order; one without words is a failed part.
    func parts() -> [ParsedPart] {
        let entries = entries()
        guard !entries.isEmpty else {
            // What was not well-formed may have had some.
            guard let fault = tree.fault else {
                return isCut ? [] : [ParsedPart(number: 1, content: .ignored(.noEntries))]
            }
            let error = ParseError(
                code: .badXML, format: FeedFormat.name, position: .line(fault.line), message: fault.message)
            return isCut ? [] : [ParsedPart(number: 1, content: .failed(error))]
        }
        return entries.enumerated().map { place, entry in
            var article = entry.article
            guard article.title != nil || article.body != nil || article.abstract != nil else {
                let error = ParseError(
                    code: .noArticle, format: FeedFormat.name, position: .line(entry.line),
                    message: "the entry has neither a title nor a text")
                var part = ParsedPart(number: place + 1, content: .failed(error))
                part.identity = Array(tree.markup(in: entry.index).utf8)
                return part
            }
            article.deriveID()
            return ParsedPart(number: place + 1, content: .article(article))
        }
    }

    /// Every entry as it is, the line where it begins, and its element.
    func entries() -> [(article: Article, line: Int, index: Int)] {
        let indices = tree.nodes.indices.filter { index in
            guard let name = tree.name(index), ["item", "entry"].contains(name.local.lowercased()) else { return false }
            let vocabulary = FeedNames.vocabulary(name.namespace)
            guard vocabulary == .core || vocabulary == .atom else { return false }
            return !isCut || Int(tree.nodes[index].end) < tree.nodes.count
        }
        return indices.enumerated().map { place, index in
            (article(FeedElement(tree, index), number: place + 1), Int(tree.nodes[index].line), index)
        }
    }

    private func article(_ entry: FeedElement, number: Int) -> Article {
        var article = Article(
            source: context.source, language: context.language,
            ingest: .init(
                path: context.path, sha256: context.sha256, part: number, bytes: context.bytes, format: FeedFormat.name,
                encoding: encoding, received: context.received, warnings: warnings))
        let base = entry.base(at: entry.index, feedBase)
        article.language =
            (tree.inherited("lang", XMLTree.xml, at: entry.index) ?? entry.text("language", .dublinCore, .core))
            .flatMap(LanguageTag.normalized) ?? feedLanguage ?? context.language
        article.url = FeedReader.link(of: entry, isAtom: isAtom, base: base)
        article.uri = identity(of: entry) ?? article.url
        readWords(entry, base, &article)
        readDates(entry, &article)
        let authors = FeedReader.authors(of: entry, isAtom: isAtom)
        article.bylines = authors.isEmpty ? feedAuthors : authors
        article.keywords = keywords(of: entry)
        article.section = article.keywords.first
        article.media = media(of: entry, base)
        article.credit =
            entry.first("source", .core, .atom).flatMap { source in
                let title =
                    isAtom
                    ? FeedElement(tree, source).text("title", .atom, .core) : VisibleText.clean(tree.text(source))
                return title?.isEmpty == false ? title : nil
            } ?? entry.text("publisher", .dublinCore) ?? feedTitle
        article.copyright =
            entry.text("rights", .dublinCore, .atom) ?? entry.text("copyright", .core, .atom) ?? feedRights
        return article
    }

    // MARK: Identity

    private func identity(of entry: FeedElement) -> String? {
        entry.text("guid", .core) ?? entry.text("id", .atom, .core) ?? entry.text("identifier", .dublinCore)
            ?? tree.attribute("about", "http://www.w3.org/1999/02/22-rdf-syntax-ns#", of: entry.index)
    }

    static func link(of element: FeedElement, isAtom: Bool, base: String?) -> String? {
        let tree = element.tree
        let links = element.all("link", .core, .atom)
        // Atom's links have an address and a relation; RSS's are text.
        func href(_ wanted: (String?) -> Bool) -> String? {
            links.compactMap { link -> String? in
                guard let href = tree.attribute("href", of: link), wanted(tree.attribute("rel", of: link)?.lowercased())
                else { return nil }
                let trimmed = VisibleText.clean(href)
                return WebAddress.join(trimmed, to: element.base(at: link, base)) ?? trimmed
            }.first
        }
        if let alternate = href({ $0 == nil || $0 == "alternate" }) { return alternate }
        for link in links {
            let text = VisibleText.clean(tree.text(link))
            if !text.isEmpty { return WebAddress.join(text, to: element.base(at: link, base)) ?? text }
        }
        for guid in element.all("guid", .core) where tree.attribute("isPermaLink", of: guid)?.lowercased() != "false" {
            let text = VisibleText.clean(tree.text(guid))
            if WebAddress.isAbsolute(text) { return text }
        }
        // An item of CDF has its address itself.
        if let own = tree.attribute("href", of: element.index) ?? tree.attribute("HREF", of: element.index) {
            return WebAddress.join(own, to: base) ?? own
        }
        return href { $0 != "self" && $0 != "enclosure" && $0 != "replies" && $0 != "edit" }
    }

    // MARK: Words

    private func readWords(_ entry: FeedElement, _ base: String?, _ article: inout Article) {
        let title =
            entry.first("title", .core, .atom) ?? entry.first("title", .dublinCore)
            ?? entry.first("title", .media, .itunes)
        article.title = title.flatMap { entry.title(at: $0, isAtom: isAtom) }
        let full =
            entry.first("encoded", .content) ?? entry.first("content", .atom, .core) ?? entry.first("body", .xhtml)
            ?? entry.first("fullitem", .core) ?? entry.first("body", .core)
        // Of a summary and a description the first is the teaser, and the other the text.
        let given = [entry.first("summary", .atom, .core), entry.first("description", .core, .atom)].compactMap(\.self)
            .sorted()
        let short =
            given.first ?? entry.first("description", .dublinCore) ?? entry.first("abstract", .core, .dublinCore)
            ?? entry.first("summary", .itunes) ?? entry.first("description", .media)
        let text = full ?? given.dropFirst().first
        if let text { setBody(entry, text, base, &article) }
        guard let short else { return }
        var teaser = Article(source: "", language: "", ingest: article.ingest)
        setBody(entry, short, base, &teaser)
        guard let words = teaser.body else { return }
        // A description that is no teaser is the text itself.
        if article.body == nil, words.utf8.count > FeedReader.longestTeaser || words.contains("\n\n") {
            article.body = words
            article.bodyHTML = teaser.bodyHTML
        } else if words != article.body {
            article.abstract = words
        }
    }

    private static let longestTeaser = 600

    private func setBody(_ entry: FeedElement, _ index: Int, _ base: String?, _ article: inout Article) {
        let base = entry.base(at: index, base) ?? article.url
        if entry.isPlain(at: index, isAtom: isAtom) {
            article.setBody(text: Paragraphs.unwrapped(tree.text(index)))
        } else {
            article.setBody(markup: entry.markup(at: index), url: base)
        }
    }

    // MARK: The rest

    private func readDates(_ entry: FeedElement, _ article: inout Article) {
        let published =
            entry.text("pubdate", .core) ?? entry.text("published", .atom, .core) ?? entry.text(
                "issued", .atom, .dublinCore)
            ?? entry.text("date", .dublinCore) ?? entry.text("date", .core) ?? entry.text("created", .atom, .dublinCore)
        let updated =
            entry.last("updated", .atom, .core) ?? entry.text("modified", .atom, .dublinCore)
            ?? tree.attribute("lastmod", of: entry.index) ?? tree.attribute("LASTMOD", of: entry.index)
        if let raw = published ?? updated {
            if let date = FieldDate.read(raw, context) {
                article.setPublished(date, raw: raw)
            } else {
                article.publishedRaw = raw
                article.ingest.warnings.append("date_invalid")
            }
        }
        if published != nil, let updated, let moment = FieldDate.read(updated, context)?.moment,
            moment != article.published
        {
            article.updated = moment
        }
        article.created = (entry.text("created", .atom, .dublinCore)).flatMap { FieldDate.read($0, context)?.moment }
        article.expires = (entry.text("expirationdate", .core) ?? entry.text("valid", .dublinCore))
            .flatMap { FieldDate.read($0, context)?.moment }
    }

    private static func authors(of element: FeedElement, isAtom: Bool) -> [String] {
        var names: [String] = []
        func add(_ name: String?) {
            if let name, !name.isEmpty, !names.contains(name) { names.append(name) }
        }
        for author in element.all("author", .core, .atom) {
            let inner = FeedElement(element.tree, author)
            if let name = inner.text("name", .atom, .core) {
                add(name)
            } else if element.tree.elements(in: author).isEmpty {
                add(FeedAuthor.name(VisibleText.clean(element.tree.text(author))))
            }
        }
        for creator in element.all("creator", .dublinCore) {
            add(FeedAuthor.name(VisibleText.clean(element.tree.text(creator))))
        }
        if names.isEmpty { add(element.text("author", .dublinCore, .itunes).flatMap(FeedAuthor.name)) }
        if names.isEmpty { add(element.text("managingeditor", .core).flatMap(FeedAuthor.name)) }
        return names
    }

    private func keywords(of entry: FeedElement) -> [String] {
        var words: [String] = []
        for category in entry.all("category", .core, .atom, .media) + entry.all("subject", .dublinCore) {
            let text =
                tree.attribute("label", of: category) ?? tree.attribute("term", of: category)
                ?? VisibleText.clean(tree.text(category))
            if !text.isEmpty, !words.contains(text) { words.append(text) }
        }
        for list in entry.all("keywords", .media, .itunes) {
            for word in tree.text(list).split(separator: ",").map({ VisibleText.clean(String($0)) })
            where !word.isEmpty && !words.contains(word) { words.append(word) }
        }
        return words
    }

    private func media(of entry: FeedElement, _ base: String?) -> [Article.Media] {
        var media: [Article.Media] = []
        func add(_ address: String?, _ type: String?, _ caption: String? = nil, _ credit: String? = nil) {
            guard let address, !address.isEmpty else { return }
            let href = WebAddress.join(VisibleText.clean(address), to: base) ?? address
            if !media.contains(where: { $0.href == href }) {
                media.append(.init(href: href, contentType: type, caption: caption, credit: credit))
            }
        }
        for enclosure in entry.all("enclosure", .core) {
            add(
                tree.attribute("url", of: enclosure) ?? tree.attribute("href", of: enclosure),
                tree.attribute("type", of: enclosure))
        }
        for link in entry.all("link", .atom, .core) where tree.attribute("rel", of: link)?.lowercased() == "enclosure" {
            add(tree.attribute("href", of: link), tree.attribute("type", of: link), tree.attribute("title", of: link))
        }
        let groups = entry.all("group", .media).map { FeedElement(tree, $0) }
        for element in [entry] + groups {
            for content in element.all("content", .media) {
                let inner = FeedElement(tree, content)
                add(
                    tree.attribute("url", of: content), tree.attribute("type", of: content),
                    inner.text("description", .media) ?? inner.text("title", .media), inner.text("credit", .media))
            }
            for thumbnail in element.all("thumbnail", .media) where media.isEmpty {
                add(tree.attribute("url", of: thumbnail), nil)
            }
        }
        for image in entry.all("image", .itunes) { add(tree.attribute("href", of: image), nil) }
        return media
    }
}
