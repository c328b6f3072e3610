import Articles

extension NewsMLG2Item {
    /// Reads the content: of several renderings of the text the first that has any, and addresses of what lies elsewhere.
    mutating func readContent(_ set: Int) {
        for child in news.children(of: set) {
            switch news.tag(child) {
            case .inlineXML: if article.body == nil { readMarkup(child) }
            case .inlineData: if article.body == nil { readData(child) }
            case .remoteContent: readMedia(child)
            default: break
            }
        }
    }

    mutating func readMedia(_ index: Int) {
        guard let href = news.value(.href, of: index) ?? news.value(.residref, of: index) else { return }
        article.add(
            Article.Media(
                href: href, contentType: news.value(.contenttype, of: index), caption: news.text(of: .title, in: index))
        )
    }

    // MARK: Markup

    private mutating func readMarkup(_ inline: Int) {
        if let language = news.value(.lang, of: inline).flatMap(LanguageTag.normalized) { article.language = language }
        guard let root = news.firstChild(of: inline) else {
            if let text = news.text(inline) { article.setBody(text: text) }
            return
        }
        switch news.tag(root) {
        case .nitf: readNITF(root)
        case .html: readPage(root)
        case .events: readEvents(root)
        case let tag? where StoryRole(tag) != .transparent: setBody(StoryText(news, in: [inline], url: nil))
        default: readOther(inline)
        }
    }

    private mutating func setBody(_ story: StoryText) {
        article.body = story.text
        article.bodyHTML = story.html
    }

    private mutating func readNITF(_ root: Int) {
        let story = NITFStory(news, root)
        article.title = article.title ?? story.title
        article.subtitle = article.subtitle ?? story.subtitle
        article.abstract = article.abstract ?? story.abstract
        if !story.bylines.isEmpty, !hasByline { article.bylines = story.bylines }
        article.dateline = article.dateline ?? story.dateline
        setBody(story.text)
        for medium in story.media { article.add(medium) }
    }

    /// Whether the metadata have a line that says by whom it is; who created it comes after what the text itself says.
    private var hasByline: Bool {
        news.first(.contentMeta, in: 0).map { news.first(.by, in: $0) != nil } ?? false
    }

    /// A page has in its header, and above its text, what the metadata say: title and abstract are not repeated.
    private mutating func readPage(_ root: Int) {
        let body = news.first(.body, in: root) ?? root
        var repeated: Set<Int> = Set(
            news.children(of: body).filter { [.header, .footer, .nav].contains(news.tag($0)) })
        var looked = 0
        for index in news.descendants(of: body) where looked < 8 {
            guard let tag = news.tag(index), [.h1, .h2, .h3, .p].contains(tag) else { continue }
            looked += 1
            if let text = news.text(index), text == article.title || text == article.abstract { repeated.insert(index) }
        }
        setBody(StoryText(news, in: [body], url: nil) { repeated.contains($0) })
    }

    /// A vocabulary that is not known may have a text within, as SportsML has.
    private mutating func readOther(_ inline: Int) {
        if let nitf = news.find(.nitf, in: inline) { return readNITF(nitf) }
        if let page = news.find(.html, in: inline) { return readPage(page) }
        var paragraphs: [Int] = []
        var index = inline + 1
        while index < news.end(of: inline) {
            let isParagraph = news.tag(index) == .p
            if isParagraph { paragraphs.append(index) }
            index = isParagraph ? news.end(of: index) : index + 1
        }
        if paragraphs.isEmpty { article.warn("content_unread") }
        setBody(StoryText(news, in: paragraphs, url: nil))
    }

    private mutating func readEvents(_ root: Int) {
        let paragraphs = news.all(.event, in: root).flatMap { event in
            [news.text(of: .name, in: event), news.text(of: .definition, in: event)].compactMap(\.self)
        }
        if !paragraphs.isEmpty { article.body = paragraphs.joined(separator: "\n\n") }
    }

    // MARK: Plain text

    private mutating func readData(_ index: Int) {
        let type = news.value(.contenttype, of: index)?.lowercased() ?? "text/plain"
        guard type.hasPrefix("text/") || type.contains("xml") || type.contains("html") else {
            return article.warn("content_unread")
        }
        var text = news.rawText(index)
        let encoding = (news.value(.encoding, of: index) ?? news.value(.encodinguri, of: index)).map {
            QCodes.word($0).lowercased()
        }
        if encoding == "base64" {
            guard let decoded = Base64.decode(text) else { return warn("inlineData") }
            text = decoded
        }
        if type.hasPrefix("text/plain") { article.setBody(text: text) } else { article.setBody(markup: text, url: nil) }
    }

    // MARK: Packages and plans

    /// Reads what a package consists of: links whose relation is the role of their group.
    mutating func readReferences(_ index: Int, rel: String?) {
        for child in news.children(of: index) {
            switch news.tag(child) {
            case .group: readReferences(child, rel: word(of: child, .role, .roleuri))
            case .itemRef: addLink(child, rel: rel ?? "item")
            default: break
            }
        }
    }

    private mutating func addLink(_ index: Int, rel: String) {
        let uri = news.value(.residref, of: index) ?? news.value(.guidref, of: index) ?? news.value(.href, of: index)
        guard let uri else { return }
        article.links.append(Article.Link(rel: rel, uri: uri, version: news.value(.version, of: index)))
    }

    /// Reads what is planned, each plan's headline and note a paragraph, and what was delivered.
    mutating func readCoverage(_ set: Int) {
        var paragraphs: [String] = []
        for coverage in news.all(.newsCoverage, in: set) {
            for child in news.children(of: coverage) {
                switch news.tag(child) {
                case .planning:
                    for part in news.children(of: child) {
                        switch news.tag(part) {
                        case .headline, .description, .edNote: news.text(part).map { paragraphs.append($0) }
                        default: break
                        }
                    }
                case .delivery:
                    for item in news.all(.deliveredItemRef, in: child) { addLink(item, rel: "delivered") }
                default: break
                }
            }
        }
        if !paragraphs.isEmpty { article.body = paragraphs.joined(separator: "\n\n") }
    }
}
