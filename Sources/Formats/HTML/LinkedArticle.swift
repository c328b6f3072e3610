import XML

/// What the JSON-LD of a page says about its article, after schema.org's vocabulary.
struct LinkedArticle {
    var headline: String?
    var description: String?
    var authors: [String] = []
    /// Whether the authors are said to be persons.
    var hasPersons = false
    var published: String?
    var updated: String?
    /// Dates of what else the page shows, as its video.
    var otherDates: [String] = []
    var section: String?
    var keywords: [String] = []
    var images: [String] = []
    var url: String?
    var publisher: String?
    var language: String?
    var body: String?
    /// What was corrected, in words where there are some.
    var corrections: [String?] = []

    /// Reads every script of JSON-LD of a page.
    init(_ tree: HTMLTree) {
        var data = LinkedData()
        for index in tree.nodes.indices where tree.nodes[index].name == .script {
            for child in index + 1..<max(index + 1, Int(tree.nodes[index].end)) where tree.nodes[child].isText {
                data.read(tree.bytes[tree.nodes[child].text])
            }
        }
        guard !data.nodes.isEmpty else { return }
        if let article = LinkedArticle.article(data) {
            read(data, article)
        }
        if let page = LinkedArticle.page(data) { complete(data, page) }
        for index in data.nodes.indices where data.nodes[index].kind == .object && !LinkedArticle.isListed(data, index)
        {
            for key in ["datePublished", "dateCreated", "uploadDate"] as [StaticString] {
                if let date = data.text(key, of: index) { otherDates.append(date) }
            }
            if otherDates.count > 8 { break }
        }
    }

    /// The object that is the article: the first whose type says so and that is not part of a list of others.
    private static func article(_ data: LinkedData) -> Int? {
        var best: (index: Int, rank: Int)?
        for index in data.nodes.indices where data.nodes[index].kind == .object {
            guard data.isType(index, isArticle) else { continue }
            guard
                data.member("headline", of: index) ?? data.member("name", of: index) ?? data.member(
                    "articleBody", of: index)
                    ?? data.member("datePublished", of: index) != nil, !isListed(data, index)
            else { continue }
            let rank =
                (data.member("headline", of: index) == nil ? 2 : 0)
                + (data.member("datePublished", of: index) == nil ? 1 : 0)
            if best.map({ rank < $0.rank }) ?? true { best = (index, rank) }
        }
        return best?.index
    }

    private static func isArticle(_ type: ArraySlice<UInt8>) -> Bool {
        ["Article", "Posting", "Report", "Recipe", "CreativeWork", "Review", "HowTo", "Chapter"].contains {
            type.reversed().starts(with: $0.utf8.reversed())
        }
    }

    private static func page(_ data: LinkedData) -> Int? {
        data.nodes.indices.first { index in
            data.nodes[index].kind == .object
                && data.isType(index) { type in
                    ["WebPage", "ItemPage", "AboutPage", "FAQPage", "MedicalWebPage"].contains {
                        type.elementsEqual($0.utf8)
                    }
                } && !isListed(data, index)
        }
    }

    /// Whether an object is one of several that another lists, or a comment on another.
    private static func isListed(_ data: LinkedData, _ index: Int) -> Bool {
        var above = index
        while above >= 0 {
            let key = data.bytes[data.nodes[above].key]
            for list in [
                "itemListElement", "hasPart", "comment", "mentions", "citation", "relatedLink", "isPartOf", "isBasedOn",
                "blogPost", "itemReviewed",
            ]
            where key.elementsEqual(list.utf8) { return true }
            above = data.nodes[above].parent
        }
        return false
    }

    private mutating func read(_ data: LinkedData, _ index: Int) {
        headline = data.text(data.member("headline", of: index) ?? data.member("name", of: index)).map(
            VisibleText.withoutMarkup)
        description = (data.text("description", of: index) ?? data.text("alternativeHeadline", of: index)).map(
            VisibleText.withoutMarkup)
        let author = data.member("author", of: index) ?? data.member("creator", of: index)
        authors = LinkedArticle.names(data, author)
        hasPersons = author.map { LinkedArticle.arePersons(data, $0) } ?? false
        published = data.text("datePublished", of: index) ?? data.text("dateCreated", of: index)
        updated = data.text("dateModified", of: index)
        section = data.text("articleSection", of: index).map(VisibleText.clean)
        keywords = data.texts("keywords", of: index)
        images = LinkedArticle.images(data, data.member("image", of: index) ?? data.member("thumbnailUrl", of: index))
        url =
            data.text("url", of: index)
            ?? data.member("mainEntityOfPage", of: index).flatMap {
                data.nodes[$0].kind == .object ? data.text("@id", of: $0) : data.text($0)
            }
        publisher = data.member("publisher", of: index).flatMap { data.text("name", of: data.resolved($0)) }.map(
            VisibleText.clean)
        language = data.text("inLanguage", of: index)
        body = data.text(data.member("articleBody", of: index), limit: LinkedBody.longest)
        corrections = LinkedArticle.corrections(data, data.member("correction", of: index))
    }

    /// Takes from the page what the article does not say.
    private mutating func complete(_ data: LinkedData, _ index: Int) {
        published = published ?? data.text("datePublished", of: index)
        updated = updated ?? data.text("dateModified", of: index)
        language = language ?? data.text("inLanguage", of: index)
        if authors.isEmpty { authors = LinkedArticle.names(data, data.member("author", of: index)) }
        url = url ?? data.text("url", of: index)
    }

    private static func names(_ data: LinkedData, _ member: Int?) -> [String] {
        guard let member else { return [] }
        let values = data.nodes[member].kind == .array ? data.children(of: member) : [member]
        return values.prefix(20).compactMap { value in
            let person = data.resolved(value)
            let name = data.nodes[person].kind == .object ? data.text("name", of: person) : data.text(person)
            return name.map(VisibleText.withoutMarkup)
        }
    }

    private static func arePersons(_ data: LinkedData, _ member: Int) -> Bool {
        let values = data.nodes[member].kind == .array ? data.children(of: member) : [member]
        return values.contains { data.isType(data.resolved($0)) { $0.elementsEqual("Person".utf8) } }
    }

    private static func images(_ data: LinkedData, _ member: Int?) -> [String] {
        guard let member else { return [] }
        let values = data.nodes[member].kind == .array ? data.children(of: member) : [member]
        return values.prefix(10).compactMap { value in
            let image = data.resolved(value)
            guard data.nodes[image].kind == .object else { return data.text(image) }
            return data.text("url", of: image) ?? data.text("contentUrl", of: image) ?? data.text("@id", of: image)
        }
    }

    /// Texts, comments with a text, or the addresses of pages that say it.
    private static func corrections(_ data: LinkedData, _ member: Int?) -> [String?] {
        guard let member else { return [] }
        let values = data.nodes[member].kind == .array ? data.children(of: member) : [member]
        return values.prefix(10).map { value in
            let comment = data.resolved(value)
            let text = data.nodes[comment].kind == .object ? data.text("text", of: comment) : data.text(comment)
            return text.map(VisibleText.withoutMarkup)
        }
    }
}
