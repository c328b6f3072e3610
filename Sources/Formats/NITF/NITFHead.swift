import Articles

/// Reads what the head of a document of NITF says of its story.
struct NITFHead {
    private let news: NewsTree
    private let context: FormatContext
    private var article: Article
    private var issued: (date: ResolvedDate, raw: String)?
    private var released: Timestamp?
    private var notes: [String] = []
    private var meta: [String: JSONValue] = [:]

    init(_ news: NewsTree, _ article: Article, _ context: FormatContext) {
        self.news = news
        self.article = article
        self.context = context
    }

    /// Reads the head.
    ///
    /// - Parameter storyDate: the date that the dateline has, where the head has none.
    mutating func read(_ head: Int, storyDate: String?) throws(ParseError) -> Article {
        for child in news.children(of: head) {
            switch news.tag(child) {
            case .title: article.title = article.title ?? news.text(child)
            case .meta:
                if let name = news.value(.name, of: child), let content = news.value(.content, of: child),
                    meta.count < 200
                {
                    meta[name] = .string(content)
                }
            case .tobject: readObject(child)
            case .docdata: try readDocument(child)
            case .pubdata:
                article.section = article.section ?? news.value(.positionSection, of: child)
                if issued == nil { issued = date(news.value(.datePublication, of: child)) }
            default: break
            }
        }
        if let published = issued ?? date(storyDate) { article.setPublished(published.date, raw: published.raw) }
        if let released, released > article.published ?? Timestamp(milliseconds: .min) {
            article.embargoedUntil = released
        }
        notes = [article.editorialNote].compactMap(\.self) + notes
        article.editorialNote = notes.isEmpty ? nil : notes.joined(separator: "\n")
        if !meta.isEmpty { article.ext["meta"] = .object(meta) }
        return article
    }

    private mutating func warn(_ field: String) { article.warn("field_invalid:\(field)") }

    private mutating func date(_ raw: String?) -> (date: ResolvedDate, raw: String)? {
        guard let raw else { return nil }
        guard let date = FieldDate.read(raw, context), date.moment != nil else {
            warn("date")
            return nil
        }
        return (date, raw)
    }

    // MARK: The document

    private mutating func readDocument(_ data: Int) throws(ParseError) {
        let status = news.value(.managementStatus, of: data)?.lowercased()
        for child in news.children(of: data) {
            switch news.tag(child) {
            case .docID: article.uri = article.uri ?? news.value(.idString, of: child)
            case .urgency: readUrgency(child)
            case .dateIssue: issued = date(news.value(.norm, of: child)) ?? issued
            case .dateRelease: try readRelease(child, isEmbargo: status == "embargoed")
            case .dateExpire: article.expires = date(news.value(.norm, of: child))?.date.moment
            case .duKey:
                article.version = article.version ?? news.value(.version, of: child)
                news.value(.key, of: child).map { article.alternateIDs.append($0) }
            case .correction:
                article.signals.append("correction")
                news.value(.info, of: child).map { notes.append($0) }
            case .edMsg: news.value(.info, of: child).map { notes.append($0) }
            case .evloc: readPlace(child)
            case .docCopyright: readCopyright(child)
            case .docRights: article.usageTerms = article.usageTerms ?? news.value(.limitations, of: child)
            case .delList:
                article.infoSources += news.all(.fromSrc, in: child).compactMap { news.value(.srcName, of: $0) }
            case .series: article.keywords += [news.value(.seriesName, of: child)].compactMap(\.self)
            case .keyList: article.keywords += news.all(.keyword, in: child).compactMap { news.value(.key, of: $0) }
            case .identifiedContent: readConcepts(child)
            default: break
            }
        }
        if let other = news.value(.managementDocIDRef, of: data) {
            let withdraws = news.value(.managementIDRefStatus, of: data)?.lowercased() == "canceled"
            article.links.append(Article.Link(rel: withdraws ? "cancels" : "updates", uri: other))
        }
        try setStatus(status, data)
    }

    private mutating func setStatus(_ status: String?, _ data: Int) throws(ParseError) {
        switch status {
        case nil, "usable": break
        case "withheld": article.pubStatus = .withheld
        case "canceled", "cancelled": article.pubStatus = .canceled
        case "embargoed":
            // Without a time nobody knows when it ends.
            guard released == nil else { break }
            article.pubStatus = .withheld
            article.warn("embargo_without_end")
        case let status?:
            throw ParseError(
                code: .badField, format: NITFFormat.name, position: .line(news.line(data)),
                message:
                    "management-status is '\(status)', and none of usable, embargoed, withheld and canceled, so that "
                    + "it is not clear whether the story may be shown",
                hint: "correct the document, or ask its publisher")
        }
    }

    /// A time before which the story is not to be published.
    private mutating func readRelease(_ index: Int, isEmbargo: Bool) throws(ParseError) {
        guard let raw = news.value(.norm, of: index) else { return }
        released = FieldDate.read(raw, context)?.moment
        guard released == nil else { return }
        guard !isEmbargo else {
            throw ParseError(
                code: .badField, format: NITFFormat.name, position: .line(news.line(index)),
                message:
                    "date.release is '\(raw.prefix(60))', and no date, so that it is not clear when the story may be "
                    + "shown", hint: "correct the document, or ask its publisher")
        }
        warn("date.release")
    }

    private mutating func readUrgency(_ index: Int) {
        guard let text = news.value(.edUrg, of: index) else { return }
        guard let value = Int(text), (1...9).contains(value) else { return warn("urgency") }
        article.urgency = value
    }

    private mutating func readCopyright(_ index: Int) {
        guard let holder = news.value(.holder, of: index) else { return }
        article.copyright = (news.value(.year, of: index).map { "© \($0) " } ?? "© ") + holder
        article.credit = article.credit ?? holder
    }

    private mutating func readPlace(_ index: Int) {
        for part in [NewsTag.city, .countyDist, .stateProv, .isoCC] {
            guard let name = news.value(part, of: index) else { continue }
            article.add(Article.Concept(name: name), to: \.places)
            return
        }
    }

    // MARK: What it is about

    private mutating func readObject(_ object: Int) {
        for child in news.children(of: object) {
            switch news.tag(child) {
            case .objectProperty:
                // It is so where nothing else is said.
                if let type = news.value(.objectPropertyType, of: child), type.lowercased() != "current" {
                    article.genres.append(type)
                }
            case .objectSubject:
                let code = news.value(.objectSubjectNumber, of: child) ?? news.value(.objectSubjectCode, of: child)
                let name =
                    news.value(.objectSubjectDetail, of: child) ?? news.value(.objectSubjectMatter, of: child)
                    ?? news.value(.objectSubjectType, of: child) ?? code
                if let name {
                    article.subjects.append(
                        Article.Concept(
                            name: name, uri: code,
                            scheme: code == nil ? nil : news.value(.objectSubjectSource, of: child) ?? "IPTC"))
                }
            default: break
            }
        }
    }

    private mutating func readConcepts(_ content: Int) {
        for child in news.children(of: content) {
            guard let tag = news.tag(child), let name = news.text(child) ?? news.value(.value, of: child) else {
                continue
            }
            let concept = Article.Concept(
                name: name, uri: news.value(.locationCode, of: child) ?? news.value(.value, of: child),
                scheme: news.value(.codeSource, of: child) ?? news.value(.idsrc, of: child))
            switch tag {
            case .person: article.add(concept, to: \.people)
            case .org: article.add(concept, to: \.organisations)
            case .location: article.add(concept, to: \.places)
            case .event, .objectTitle, .function, .classifier: article.add(concept, to: \.subjects)
            default: break
            }
        }
    }
}
