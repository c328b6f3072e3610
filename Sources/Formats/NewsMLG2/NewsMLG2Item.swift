import Articles
import XML

/// Reads one item of NewsML-G2.
struct NewsMLG2Item {
    let news: NewsTree
    let context: FormatContext
    let codes: QCodes
    var article: Article
    /// What an item says of concepts beside naming them, by their codes.
    lazy var asserted: [String: Int] = assertions()

    init(_ news: NewsTree, of message: NewsMessage?, _ article: Article, _ context: FormatContext) {
        self.news = news
        self.article = article
        self.context = context
        codes = QCodes(news, message: message)
    }

    static func isItem(_ tag: NewsTag) -> Bool {
        switch tag {
        case .newsItem, .packageItem, .planningItem, .conceptItem, .knowledgeItem, .catalogItem: true
        default: false
        }
    }

    mutating func read() throws(ParseError) -> Article {
        article.uri = news.value(.guid, of: 0)
        if article.uri == nil { warn("guid") }
        // So the schema has it.
        article.version = news.value(.version, of: 0) ?? "1"
        article.kind = news.tag(0) == .packageItem ? .composite : news.tag(0) == .planningItem ? .planning : .text
        if let language = news.language(at: 0) { article.language = language }
        for child in news.children(of: 0) {
            switch news.tag(child) {
            case .rightsInfo: readRights(child)
            case .itemMeta: try readItemMeta(child)
            case .contentMeta: readContentMeta(child)
            default: break
            }
        }
        for child in news.children(of: 0) {
            switch news.tag(child) {
            case .contentSet: readContent(child)
            case .groupSet: readReferences(child, rel: nil)
            case .newsCoverageSet: readCoverage(child)
            default: break
            }
        }
        return article
    }

    mutating func warn(_ field: String) { article.warn("field_invalid:\(field)") }

    /// The word of the code that an element has, without its alias, in small letters.
    func word(of index: Int, _ code: NewsTag = .qcode, _ uri: NewsTag = .uri) -> String? {
        (news.value(code, of: index) ?? news.value(uri, of: index)).map { QCodes.word($0).lowercased() }
    }

    // MARK: What it is

    private mutating func readRights(_ rights: Int) {
        article.copyright =
            article.copyright ?? news.text(of: .copyrightNotice, in: rights)
            ?? news.first(.copyrightHolder, in: rights).flatMap { name(of: $0) }
        article.usageTerms = article.usageTerms ?? news.text(of: .usageTerms, in: rights)
    }

    private mutating func readItemMeta(_ meta: Int) throws(ParseError) {
        var first: (date: ResolvedDate, raw: String)?
        var version: (date: ResolvedDate, raw: String)?
        var notes: [String] = []
        var services: [String] = []
        for child in news.children(of: meta) {
            switch news.tag(child) {
            case .itemClass: readKind(child)
            case .provider: article.credit = article.credit ?? name(of: child)
            case .versionCreated: version = date(child)
            case .firstCreated: first = date(child)
            case .embargoed: try readEmbargo(child)
            case .pubStatus: try readStatus(child)
            case .service: (name(of: child) ?? word(of: child)).map { services.append($0) }
            case .title: article.title = article.title ?? news.text(child)
            case .edNote: note(child).map { notes.append($0) }
            case .signal: word(of: child).map { article.add($0, to: \.signals) }
            case .altId: (news.text(child) ?? news.value(.id, of: child)).map { article.add($0, to: \.alternateIDs) }
            case .link: readLink(child)
            default: break
            }
        }
        if let published = first ?? version { article.setPublished(published.date, raw: published.raw) }
        if let version, version.date.moment != article.published { article.updated = version.date.moment }
        article.editorialNote = notes.isEmpty ? nil : notes.joined(separator: "\n")
        if !services.isEmpty { article.ext["service"] = .array(services.map { .string($0) }) }
    }

    private mutating func readKind(_ index: Int) {
        guard news.tag(0) != .planningItem else { return }
        let word = word(of: index)
        switch word {
        case "animation": article.kind = .video
        case "component", "dataset": article.kind = .composite
        default:
            if let kind = word.flatMap({ Article.Kind(rawValue: $0) }) {
                article.kind = kind
            } else {
                warn("itemClass")
            }
        }
    }

    private mutating func readStatus(_ index: Int) throws(ParseError) {
        let word = word(of: index)
        switch word {
        case "usable": break
        case "withheld": article.pubStatus = .withheld
        case "canceled", "cancelled": article.pubStatus = .canceled
        default:
            throw ParseError(
                code: .badField, format: NewsMLG2Format.name, position: .line(news.line(index)),
                message:
                    "pubStatus is \(word.map { "'\($0)'" } ?? "empty"), and none of usable, withheld and canceled, "
                    + "so that it is not clear whether the item may be shown",
                hint: "correct the item, or ask its publisher")
        }
    }

    /// An embargo without a time has no end that is known: what it holds back waits for a later version.
    private mutating func readEmbargo(_ index: Int) throws(ParseError) {
        guard let text = news.text(index) else {
            if article.pubStatus == .usable { article.pubStatus = .withheld }
            article.warn("embargo_without_end")
            return
        }
        guard let moment = FieldDate.read(text, context)?.moment else {
            throw ParseError(
                code: .badField, format: NewsMLG2Format.name, position: .line(news.line(index)),
                message:
                    "embargoed is '\(text.prefix(60))', and no date and time, so that it is not clear when the item "
                    + "may be shown", hint: "correct the item, or ask its publisher")
        }
        article.embargoedUntil = moment
    }

    private mutating func date(_ index: Int) -> (date: ResolvedDate, raw: String)? {
        guard let raw = news.text(index) else { return nil }
        guard let date = FieldDate.read(raw, context), date.moment != nil else {
            warn(news.tag(index)?.rawValue ?? "date")
            return nil
        }
        return (date, raw)
    }

    mutating func moment(_ index: Int) -> Timestamp? { date(index)?.date.moment }

    // MARK: Notes and links

    /// A note to editors. What is not to be published, signatures of who wrote it, and what repeats all is left out.
    private func note(_ index: Int) -> String? {
        if let constraint = news.value(.pubconstraint, of: index), QCodes.word(constraint) == "nonpublic" { return nil }
        let role = word(of: index, .role, .roleuri)
        return ["closingline", "notepad"].contains(role) ? nil : news.text(index)
    }

    private mutating func readLink(_ index: Int) {
        guard
            let uri = news.value(.residref, of: index) ?? news.value(.guidref, of: index)
                ?? news.value(.href, of: index)
        else { return }
        let rel = (news.value(.rel, of: index) ?? news.value(.reluri, of: index)).map(QCodes.word) ?? "associated"
        if ["canonical", "permalink"].contains(rel), let href = news.value(.href, of: index) {
            article.url = article.url ?? href
        }
        article.links.append(Article.Link(rel: rel, uri: uri, version: news.value(.version, of: index)))
        // A picture that is told by its address alone is shown with the article.
        guard let href = news.value(.href, of: index), let type = linkedType(index) else { return }
        article.add(
            Article.Media(href: href, contentType: type.contentType, caption: news.text(of: .title, in: index)))
    }

    /// What a link leads to, where that is a picture or a recording; the type where it is said.
    private func linkedType(_ index: Int) -> (contentType: String?, Void)? {
        let contentType = news.value(.contenttype, of: index)
        let kind = news.first(.itemClass, in: index).flatMap { word(of: $0) }
        if let kind { return ["picture", "graphic", "audio", "video"].contains(kind) ? (contentType, ()) : nil }
        let isMedia = contentType.map { type in ["image/", "audio/", "video/"].contains { type.hasPrefix($0) } }
        return isMedia == true ? (contentType, ()) : nil
    }
}
