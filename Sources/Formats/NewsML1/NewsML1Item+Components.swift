import Articles

extension NewsML1Item {
    /// Reads a component: what its lines and metadata say, and what it consists of. The first that says something is
    /// believed, as the outer ones describe the whole.
    ///
    /// - Parameter caption: what describes its pictures.
    mutating func readComponent(_ index: Int, caption: String?) {
        var caption = caption
        // Of several renderings the first text is taken, and the language with it.
        if article.body == nil, let language = news.value(.lang, of: index).flatMap(LanguageTag.normalized) {
            article.language = language
        }
        for child in news.children(of: index) {
            switch news.tag(child) {
            case .newsLines: readLines(child)
            case .administrativeMetadata: readAdministration(child)
            case .rightsMetadata: readRights(child)
            case .descriptiveMetadata: readDescription(child)
            case .newsComponent where role(of: child) == "caption": caption = text(of: child) ?? caption
            default: break
            }
        }
        if let own = news.first(.newsLines, in: index), let line = news.text(of: .headLine, in: own), caption == nil {
            caption = line
        }
        for child in news.children(of: index) {
            switch news.tag(child) {
            case .newsComponent where role(of: child) == "caption": break
            case .newsComponent: readComponent(child, caption: caption)
            case .contentItem: readContent(child, caption: caption)
            case .newsItemRef: addLink("item", child)
            case .newsItem1:
                for component in news.all(.newsComponent, in: child) { readComponent(component, caption: caption) }
            default: break
            }
        }
        // A picture's caption is its text where there is none to illustrate.
        if article.body == nil, article.abstract == nil, let caption, caption != article.title {
            article.abstract = caption
        }
    }

    private func role(of component: Int) -> String? { news.first(.role1, in: component).flatMap { formalName($0) } }

    /// All text of a component's content.
    private func text(of component: Int) -> String? {
        for index in news.descendants(of: component) where news.tag(index) == .dataContent { return news.text(index) }
        return nil
    }

    // MARK: Lines

    private mutating func readLines(_ index: Int) {
        for child in news.children(of: index) {
            guard let tag = news.tag(child), let text = news.text(child) else { continue }
            switch tag {
            case .headLine: article.title = article.title ?? text
            case .subHeadLine: article.subtitle = article.subtitle ?? text
            case .byLine: article.add(text, to: \.bylines)
            case .dateLine: article.dateline = article.dateline ?? text
            case .creditLine: article.credit = article.credit ?? text
            case .copyrightLine: article.copyright = article.copyright ?? text
            case .rightsLine: article.usageTerms = article.usageTerms ?? text
            case .slugLine: article.slugline = article.slugline ?? text
            case .keywordLine:
                for word in text.split(separator: ",") {
                    article.add(String(word.drop { $0 == " " }), to: \.keywords)
                }
            default: break
            }
        }
    }

    // MARK: Metadata

    private mutating func readAdministration(_ index: Int) {
        for child in news.children(of: index) {
            guard let party = news.first(.party, in: child), let name = name(of: party) else { continue }
            switch news.tag(child) {
            case .provider1: article.credit = article.credit ?? name
            case .creator1: if article.bylines.isEmpty { article.bylines = [name] }
            case .source1: article.add(name, to: \.infoSources)
            default: break
            }
        }
    }

    private func name(of party: Int) -> String? {
        news.value(.topic, of: party).flatMap { topics[$0]?.name } ?? news.value(.formalName, of: party)
    }

    private mutating func readRights(_ index: Int) {
        for child in news.children(of: index) {
            switch news.tag(child) {
            case .copyright:
                guard let holder = news.text(of: .copyrightHolder1, in: child), article.copyright == nil else { break }
                article.copyright =
                    "© "
                    + [news.text(of: .copyrightDate, in: child), holder].compactMap(\.self)
                    .joined(separator: " ")
            case .usageRights: article.usageTerms = article.usageTerms ?? news.text(of: .limitations1, in: child)
            default: break
            }
        }
    }

    private mutating func readDescription(_ index: Int) {
        for child in news.children(of: index) {
            switch news.tag(child) {
            case .language1:
                if article.body == nil, let tag = news.value(.formalName, of: child).flatMap(LanguageTag.normalized) {
                    article.language = tag
                }
            case .genre1:
                if let name = news.value(.formalName, of: child) { article.add(name, to: \.genres) }
            case .subjectCode: readSubject(child)
            case .location1: readLocation(child)
            case .topicOccurrence: news.value(.topic, of: child).flatMap { topics[$0] }.map { addTopic($0) }
            case .property: readProperty(child)
            default: break
            }
        }
    }

    /// A code has up to three levels; the lowest says most.
    private mutating func readSubject(_ index: Int) {
        let levels = [NewsTag.subjectDetail, .subjectMatter, .subject1]
        guard let level = levels.compactMap({ news.first($0, in: index) }).first,
            let code = news.value(.formalName, of: level)
        else { return }
        let name = topics[code]?.name ?? code
        article.add(
            Article.Concept(name: name, uri: code, scheme: news.value(.vocabulary, of: level)), to: \.subjects)
    }

    private mutating func readLocation(_ index: Int) {
        let parts = ["City", "CountryArea", "Country"].compactMap { wanted in
            news.all(.property, in: index).first { news.value(.formalName, of: $0) == wanted }
                .flatMap { news.value(.value1, of: $0) }
        }
        if let name = parts.first { article.add(Article.Concept(name: name), to: \.places) }
    }

    private mutating func addTopic(_ topic: Topics.Topic) {
        let concept = Article.Concept(name: topic.name, uri: topic.code, scheme: topic.scheme)
        let field: WritableKeyPath<Article, [Article.Concept]> =
            switch topic.type?.lowercased() {
            case "person": \.people
            case "company", "organisation", "organization", "sportsteam": \.organisations
            case "geography", "location", "place", "country", "city": \.places
            default: \.subjects
            }
        article.add(concept, to: field)
    }

    private mutating func readProperty(_ index: Int) {
        guard let name = news.value(.formalName, of: index), let value = news.value(.value1, of: index) else { return }
        if name.lowercased() == "keyword" {
            article.add(value, to: \.keywords)
        } else if article.ext.count < 200 {
            article.ext[name] = .string(value)
        }
    }

    // MARK: Content

    private mutating func readContent(_ index: Int, caption: String?) {
        let mediaType = news.first(.mediaType, in: index).flatMap { formalName($0) } ?? "text"
        let format = news.first(.format, in: index).flatMap { formalName($0) }
        let mimeType = news.first(.mimeType1, in: index).flatMap { news.value(.formalName, of: $0) }
        if mediaType != "text" { mediaTypes.append(mediaType) }
        if let href = news.value(.href1, of: index) {
            article.add(Article.Media(href: href, contentType: mimeType, caption: caption))
        }
        // What is encoded lies in another element.
        let encoding = news.first(.encoding1, in: index)
        guard article.body == nil, let data = news.first(.dataContent, in: encoding ?? index),
            mediaType.contains("text")
        else { return }
        if let encoding { return readEncoded(data, news.value(.notation, of: encoding)) }
        readText(data, format: format ?? mimeType?.lowercased())
    }

    private mutating func readText(_ data: Int, format: String?) {
        guard let root = news.firstChild(of: data) else {
            let text = news.rawText(data)
            let isMarkup = format.map { $0.contains("html") || $0.contains("nitf") } ?? false
            if isMarkup { article.setBody(markup: text, url: nil) } else { article.setBody(text: text) }
            return
        }
        switch news.tag(root) {
        case .nitf: readStory(NITFStory(news, root))
        case .body where news.first(.bodyContent, in: root) != nil: readStory(NITFStory(news, data))
        case .html: setBody(StoryText(news, in: [news.first(.body, in: root) ?? root], url: nil))
        default: setBody(StoryText(news, in: [data], url: nil))
        }
    }

    private mutating func setBody(_ story: StoryText) {
        article.body = story.text
        article.bodyHTML = story.html
        if story.text == nil { article.warn("content_unread") }
    }

    private mutating func readStory(_ story: NITFStory) {
        article.title = article.title ?? story.title
        article.subtitle = article.subtitle ?? story.subtitle
        article.abstract = article.abstract ?? story.abstract
        article.dateline = article.dateline ?? story.dateline
        if !story.bylines.isEmpty, article.bylines.isEmpty { article.bylines = story.bylines }
        article.body = story.text.text
        article.bodyHTML = story.text.html
        for medium in story.media { article.add(medium) }
    }

    private mutating func readEncoded(_ data: Int, _ notation: String?) {
        guard notation?.lowercased().contains("base64") ?? false, let text = Base64.decode(news.rawText(data)) else {
            return article.warn("content_unread")
        }
        if HTMLFragment.isMarkup(text) { article.setBody(markup: text, url: nil) } else { article.setBody(text: text) }
    }
}
