import Articles

extension NewsMLG2Item {
    /// Reads what the content is about, who made it, and its titles.
    mutating func readContentMeta(_ meta: Int) {
        var headlines: [(role: String, rank: Int, text: String)] = []
        var descriptions: [(role: String, text: String)] = []
        var creators: [String] = []
        var located: String?
        var hasCreditLine = false
        var hasLanguage = false
        for child in news.children(of: meta) {
            switch news.tag(child) {
            case .headline:
                let role = word(of: child, .role, .roleuri) ?? ""
                let rank = news.value(.rank, of: child).flatMap { Int($0) } ?? 1
                news.text(child).map { headlines.append((role, rank, $0)) }
            case .description:
                news.text(child).map { descriptions.append((word(of: child, .role, .roleuri) ?? "", $0)) }
            case .slugline: article.slugline = article.slugline ?? news.text(child)
            case .dateline: article.dateline = article.dateline ?? news.text(child)
            case .by: news.text(child).map { article.add($0, to: \.bylines) }
            case .creditline:
                if !hasCreditLine, let text = news.text(child) {
                    hasCreditLine = true
                    article.credit = text
                }
            case .language:
                if !hasLanguage, let tag = news.value(.tag, of: child).flatMap(LanguageTag.normalized) {
                    hasLanguage = true
                    article.language = tag
                }
            case .urgency: readUrgency(child)
            case .contentCreated: article.created = article.created ?? moment(child)
            case .creator: name(of: child).map { creators.append($0) }
            case .infoSource: name(of: child).map { article.add($0, to: \.infoSources) }
            case .keyword: news.text(child).map { article.add($0, to: \.keywords) }
            case .genre: (name(of: child) ?? word(of: child)).map { article.add($0, to: \.genres) }
            case .altId: (news.text(child) ?? news.value(.id, of: child)).map { article.add($0, to: \.alternateIDs) }
            case .located:
                if let place = concept(child) {
                    located = located ?? name(of: child)
                    article.add(place, to: \.places)
                }
            case .subject: readSubject(child)
            case .icon: readMedia(child)
            default: break
            }
        }
        setTitles(headlines)
        setDescription(descriptions)
        if article.bylines.isEmpty { article.bylines = creators }
        article.dateline = article.dateline ?? located
    }

    private mutating func readUrgency(_ index: Int) {
        guard let text = news.text(index), let value = Int(text), (1...9).contains(value) else {
            return warn("urgency")
        }
        article.urgency = value
    }

    // MARK: Titles

    private static let subtitles = ["sub", "subheadline", "subhead", "subtitle", "deck", "secondary"]

    private mutating func setTitles(_ headlines: [(role: String, rank: Int, text: String)]) {
        let ranked = headlines.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
            .map(\.element)
        let main =
            ranked.first { ["main", "title"].contains($0.role) } ?? ranked.first { $0.role.isEmpty }
            ?? ranked.first { !NewsMLG2Item.subtitles.contains($0.role) }
        // The title of the item, which is there already, is for those who handle it.
        if let main { article.title = main.text }
        article.subtitle = ranked.first { NewsMLG2Item.subtitles.contains($0.role) }?.text
    }

    private mutating func setDescription(_ descriptions: [(role: String, text: String)]) {
        let isText = article.kind == .text || article.kind == .composite
        let wanted =
            isText ? ["abstract", "summary", "teaser", "", "caption"] : ["caption", "summary", "abstract", ""]
        for role in wanted {
            if let found = descriptions.first(where: { $0.role == role }) {
                article.abstract = found.text
                return
            }
        }
        article.abstract = descriptions.first?.text
    }

    // MARK: Concepts

    private mutating func readSubject(_ index: Int) {
        // One of several sides has its name in the main one.
        let main = news.first(.mainConcept, in: index)
        guard let concept = concept(main ?? index, relevance: index) else { return }
        switch word(of: index, .type, .typeuri) {
        case "person": article.add(concept, to: \.people)
        case "organisation", "organization", "company": article.add(concept, to: \.organisations)
        case "geoarea", "poi": article.add(concept, to: \.places)
        default: article.add(concept, to: \.subjects)
        }
        for facet in news.all(.facetConcept, in: index) {
            if let concept = self.concept(facet) { article.add(concept, to: \.subjects) }
        }
    }

    private mutating func concept(_ index: Int, relevance: Int? = nil) -> Article.Concept? {
        let qcode = news.value(.qcode, of: index)
        let resolved = qcode.map(codes.resolve)
        let uri = news.value(.uri, of: index) ?? resolved?.uri
        guard let name = name(of: index) ?? news.value(.literal, of: index) ?? qcode ?? uri else { return nil }
        let percent = relevance.flatMap { news.value(.relevance, of: $0) }.flatMap { Double($0) }
        return Article.Concept(
            name: name, uri: uri, scheme: news.value(.uri, of: index) == nil ? resolved?.scheme : nil,
            relevance: percent.flatMap { (0...100).contains($0) ? $0 / 100 : nil })
    }

    /// The name of a concept or party in the item's language, else in any; one without may have it in an assertion.
    mutating func name(of index: Int) -> String? {
        if let name = ownName(of: index) { return name }
        let key = news.value(.uri, of: index) ?? news.value(.qcode, of: index) ?? news.value(.literal, of: index)
        guard let key, let assertion = asserted[key] else { return nil }
        return ownName(of: assertion)
    }

    private func ownName(of index: Int) -> String? {
        var other: String?
        for child in news.children(of: index) where news.tag(child) == .name {
            guard let text = news.text(child) else { continue }
            guard let language = news.value(.lang, of: child).flatMap(LanguageTag.normalized) else { return text }
            if language.prefix(2) == article.language.prefix(2) { return text }
            other = other ?? text
        }
        return other
    }

    func assertions() -> [String: Int] {
        var assertions: [String: Int] = [:]
        for child in news.children(of: 0) where news.tag(child) == .assert {
            for attribute in [NewsTag.uri, .qcode, .literal] {
                if let key = news.value(attribute, of: child) { assertions[key] = assertions[key] ?? child }
            }
        }
        return assertions
    }
}
