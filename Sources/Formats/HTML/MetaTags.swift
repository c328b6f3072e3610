import XML

/// What the `meta`, `link` and `title` elements of a page say, by what it is about.
struct MetaTags {
    /// What a value is about.
    enum Subject: Hashable {
        case title, description, author, published, dated, updated, section, keywords, siteName, url, image, language,
            type, copyright
    }

    /// The values of a subject, the best sources first.
    private var values: [Subject: [(rank: Int, text: String)]] = [:]
    /// The text of the `title` element.
    private(set) var documentTitle: String?
    /// The author that the page tells cards of Twitter by label and data.
    private var cardLabel: [String: String] = [:]

    init(_ tree: HTMLTree) {
        for index in tree.nodes.indices {
            switch tree.nodes[index].name {
            case .meta: readMeta(tree, index)
            case .link: readLink(tree, index)
            case .title where documentTitle == nil && !isInDrawing(tree, index): readTitle(tree, index)
            default: break
            }
        }
    }

    /// Returns the best value of a subject.
    func first(_ subject: Subject) -> String? { all(subject).first }

    /// Returns every value of a subject, the best first.
    func all(_ subject: Subject) -> [String] {
        (values[subject] ?? []).enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map(
            \.element.text)
    }

    /// Returns the values of the best source of a subject alone.
    func best(_ subject: Subject) -> [String] {
        let found = values[subject] ?? []
        guard let rank = found.map(\.rank).min() else { return [] }
        return found.filter { $0.rank == rank }.map(\.text)
    }

    private mutating func add(_ subject: Subject, _ rank: Int, _ text: String) {
        guard values[subject, default: []].count < MetaTags.limit else { return }
        values[subject, default: []].append((rank, text))
    }

    /// How many values of a subject are kept, and how long they may be; no page that was made for readers has more.
    private static let limit = 64
    private static let longest = 10_000

    private func isInDrawing(_ tree: HTMLTree, _ index: Int) -> Bool {
        var above = Int(tree.nodes[index].parent)
        while above > 0 {
            if tree.nodes[above].name == .svg { return true }
            above = Int(tree.nodes[above].parent)
        }
        return false
    }

    private mutating func readMeta(_ tree: HTMLTree, _ index: Int) {
        guard let range = tree.value(of: .content, at: index), range.count <= MetaTags.longest else { return }
        let content = VisibleText.clean(String(decoding: tree.bytes[range], as: UTF8.self))
        guard !content.isEmpty else { return }
        for attribute in [HTMLName.property, .name, .itemprop, .httpEquivalent] {
            guard let range = tree.value(of: attribute, at: index), range.count <= 64 else { continue }
            let key = String(decoding: tree.bytes[range].map(\.lowercased), as: UTF8.self)
            for name in key.split(separator: " ") {
                if let (subject, rank) = MetaTags.subject(of: name) { add(subject, rank, content) }
            }
            if key.hasPrefix("twitter:label") { cardLabel[String(key.dropFirst(13))] = content.lowercased() }
            if key.hasPrefix("twitter:data"), let label = cardLabel[String(key.dropFirst(12))],
                MetaTags.authorLabels.contains(where: { label.hasPrefix($0) })
            {
                add(.author, 5, content)
            }
        }
    }

    private mutating func readLink(_ tree: HTMLTree, _ index: Int) {
        guard let relation = tree.string(of: .rel, at: index)?.lowercased(),
            let address = tree.string(of: .href, at: index).map(VisibleText.clean), !address.isEmpty
        else { return }
        if relation == "canonical" { add(.url, 0, address) }
        if relation == "image_src" { add(.image, 4, address) }
    }

    private mutating func readTitle(_ tree: HTMLTree, _ index: Int) {
        let text = (index + 1..<max(index + 1, Int(tree.nodes[index].end))).filter { tree.nodes[$0].isText }
            .flatMap { tree.bytes[tree.nodes[$0].text].prefix(MetaTags.longest + 1) }
        guard text.count <= MetaTags.longest else { return }
        let title = VisibleText.clean(String(decoding: text, as: UTF8.self))
        if !title.isEmpty { documentTitle = title }
    }

    /// What a name is about; Dublin Core's are written with a colon as often as with a point.
    private static func subject(of name: Substring) -> (Subject, Int)? {
        if let found = subjects[String(name)] { return found }
        guard name.hasPrefix("dc"), let mark = name.firstIndex(of: ":") else { return nil }
        let prefix = name.hasPrefix("dcterm") ? "dcterms." : "dc."
        return subjects[prefix + name[name.index(after: mark)...]]
    }

    private static let authorLabels = [
        "written by", "verfasst von", "geschrieben von", "escrito por", "écrit par", "rédigé par", "scritto da",
        "geschreven door", "skrevet av", "skriven av", "автор", "napisane przez", "autor", "author", "by", "tarafından",
    ]

    /// The names under which pages write a subject, with the rank of each: 0 is best.
    private static let subjects: [String: (Subject, Int)] = {
        let names: [(Subject, String)] = [
            (
                .title,
                """
                og:title twitter:title parsely-title sailthru.title citation_title dcterms.title dc.title title
                headline
                """
            ),
            (
                .description,
                """
                og:description description twitter:description sailthru.description dcterms.description
                dc.description dcterms.abstract abstract
                """
            ),
            (
                .author,
                """
                author parsely-author sailthru.author citation_author article:author_name article:author
                dc.creator dcterms.creator creator byl byline authors og:article:author article.author
                cxenseparse:author shareaholic:article_author_name rbauthors
                """
            ),
            (
                .published,
                """
                article:published_time og:article:published_time og:published_time datepublished
                rnews:datepublished parsely-pub-date sailthru.date citation_publication_date
                citation_online_date citation_date cxenseparse:recs:publishtime article.published
                shareaholic:article_published_time pubdate publishdate publish-date publish_date
                publication_date published published_date dcterms.issued dc.date.issued
                originalpublicationdate bt:pubdate displaydate pub_date article:published weibo:article:create_at
                """
            ),
            (
                .dated,
                "dc.date dcterms.date dcterms.created dc.date.created datecreated date created date.created timestamp"
            ),
            (
                .updated,
                """
                article:modified_time og:updated_time og:article:modified_time datemodified dcterms.modified
                dc.date.modified last-modified lastmod modified revised
                """
            ),
            (.section, "article:section og:article:section parsely-section cse_section section sailthru.section"),
            (
                .keywords,
                """
                news_keywords article:tag keywords parsely-tags sailthru.tags citation_keywords dc.subject
                dcterms.subject
                """
            ),
            (
                .siteName,
                "og:site_name application-name publisher dc.publisher dcterms.publisher cre citation_journal_title"
            ),
            (.url, "canonical og:url twitter:url parsely-link"),
            (
                .image,
                """
                og:image og:image:secure_url og:image:url twitter:image image_src twitter:image:src
                parsely-image-url sailthru.image.full thumbnail
                """
            ),
            (.language, "inlanguage dc.language dcterms.language content-language language og:locale"),
            (.type, "og:type"),
            (.copyright, "copyright dcterms.rightsholder dc.rights"),
        ]
        var subjects: [String: (Subject, Int)] = [:]
        for (subject, list) in names {
            for (rank, name) in list.split(whereSeparator: \.isWhitespace).enumerated() {
                subjects[String(name)] = (subject, rank)
            }
        }
        return subjects
    }()
}
