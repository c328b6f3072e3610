import Articles

/// Reads one item of NewsML 1.
struct NewsML1Item {
    let news: NewsTree
    let context: FormatContext
    let topics: Topics
    var article: Article
    /// What the content is that is no text, as its `MediaType` has it.
    var mediaTypes: [String] = []

    init(_ news: NewsTree, of message: NewsMessage?, _ article: Article, _ context: FormatContext) {
        self.news = news
        self.article = article
        self.context = context
        topics = Topics(news, message: message)
    }

    mutating func read() throws(ParseError) -> Article {
        if let language = news.language(at: 0) { article.language = language }
        var label: String?
        for child in news.children(of: 0) {
            switch news.tag(child) {
            case .identification:
                readIdentification(child)
                label = news.text(of: .nameLabel, in: child)
            case .newsManagement: try readManagement(child)
            case .newsComponent: readComponent(child, caption: nil)
            default: break
            }
        }
        // A label is for those who handle the item.
        article.title = article.title ?? label
        if article.body == nil, let type = mediaTypes.first {
            article.kind =
                switch type {
                case "photo", "picture", "image": .picture
                case "graphic", "complexdata": .graphic
                case "audio": .audio
                case "video", "animation": .video
                default: .text
                }
        }
        return article
    }

    mutating func warn(_ field: String) { article.warn("field_invalid:\(field)") }

    /// The formal name of an element, in small letters.
    func formalName(_ index: Int) -> String? { news.value(.formalName, of: index)?.lowercased() }

    // MARK: What it is

    /// The identifier of all revisions is made of the parts of the public one, which has the revision at its end.
    private mutating func readIdentification(_ index: Int) {
        guard let identifier = news.first(.newsIdentifier, in: index) else { return warn("NewsIdentifier") }
        let parts = [NewsTag.providerID, .dateID, .newsItemID].map { news.text(of: $0, in: identifier) }
        let revision = news.text(of: .revisionID, in: identifier)
        let publicIdentifier = news.text(of: .publicIdentifier, in: identifier)
        let isWhole = parts.allSatisfy { $0 != nil }
        article.uri = isWhole ? "urn:newsml:" + parts.compactMap(\.self).joined(separator: ":") : publicIdentifier
        article.version = revision
        if isWhole, let publicIdentifier { article.alternateIDs.append(publicIdentifier) }
        if article.uri == nil { warn("NewsIdentifier") }
    }

    private mutating func readManagement(_ index: Int) throws(ParseError) {
        var first: (date: ResolvedDate, raw: String)?
        var revision: (date: ResolvedDate, raw: String)?
        var status: (word: String?, line: Int)?
        var change: (word: String?, moment: Timestamp?)?
        for child in news.children(of: index) {
            switch news.tag(child) {
            case .newsItemType: if formalName(child) == "alert" { article.signals.append("alert") }
            case .firstCreated1: first = date(child)
            case .thisRevisionCreated: revision = date(child)
            case .status: status = (formalName(child), news.line(child))
            case .statusWillChange:
                change = (
                    news.first(.futureStatus, in: child).flatMap { formalName($0) },
                    news.first(.dateAndTime, in: child).flatMap { date($0)?.date.moment }
                )
            case .urgency1: readUrgency(child)
            case .instruction: formalName(child).map { article.add($0, to: \.signals) }
            case .derivedFrom: addLink("derivedFrom", child)
            case .associatedWith: addLink("associatedWith", child)
            default: break
            }
        }
        if let published = first ?? revision { article.setPublished(published.date, raw: published.raw) }
        if let revision, revision.date.moment != article.published { article.updated = revision.date.moment }
        try setStatus(status, change)
    }

    private mutating func setStatus(
        _ status: (word: String?, line: Int)?, _ change: (word: String?, moment: Timestamp?)?
    ) throws(ParseError) {
        switch status?.word {
        case "usable": break
        case nil where status == nil: break
        case "withheld": article.pubStatus = .withheld
        case "canceled", "cancelled": article.pubStatus = .canceled
        case "embargoed":
            if change?.word == "usable", let moment = change?.moment {
                article.embargoedUntil = moment
            } else {
                // Nobody knows when it ends.
                article.pubStatus = .withheld
                article.warn("embargo_without_end")
            }
        default:
            throw ParseError(
                code: .badField, format: NewsML1Format.name, position: status.map { .line($0.line) },
                message:
                    "Status is \(status?.word.map { "'\($0)'" } ?? "empty"), and none of usable, embargoed, withheld "
                    + "and canceled, so that it is not clear whether the item may be shown",
                hint: "correct the item, or ask its publisher")
        }
        if ["canceled", "withheld"].contains(change?.word) { article.expires = change?.moment }
    }

    mutating func date(_ index: Int) -> (date: ResolvedDate, raw: String)? {
        guard let raw = news.text(index) else { return nil }
        guard let date = FieldDate.read(raw, context), date.moment != nil else {
            warn(news.tag(index)?.rawValue ?? "date")
            return nil
        }
        return (date, raw)
    }

    private mutating func readUrgency(_ index: Int) {
        guard let value = news.value(.formalName, of: index).flatMap({ Int($0) }), (1...9).contains(value) else {
            return warn("Urgency")
        }
        article.urgency = value
    }

    mutating func addLink(_ rel: String, _ index: Int) {
        guard let uri = news.value(.newsItem1, of: index) else { return }
        // Its own part of this document is no other article.
        if !uri.hasPrefix("#") { article.links.append(Article.Link(rel: rel, uri: uri)) }
    }
}
