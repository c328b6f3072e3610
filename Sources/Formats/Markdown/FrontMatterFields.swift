import Articles
import JSON

/// Sets what front matter says in an article: the names are those of a ``FieldMapping``, and what publishing programs mean
/// by others that decide whether it may be shown.
struct FrontMatterFields {
    let mapping: FieldMapping

    /// Sets the fields of an article that has none yet.
    ///
    /// - Parameter hasText: whether a text follows, so that no member is one.
    func fill(
        _ article: inout Article, _ members: [String: JSONValue], hasText: Bool, _ context: FormatContext
    ) throws(ParseError) {
        var writer = JSONWriter()
        JSONValue.object(members).write(to: &writer)
        let object: JSONObject
        do throws(JSONError) {
            guard let made = JSONObject(try JSONParser().parse(writer.bytes)) else { return }
            object = made
        } catch {
            throw ParseError(
                code: .badFrontMatter, format: article.ingest.format, message: "the front matter is \(error)")
        }
        try mapping.fill(&article, from: object, leaving: hasText ? [.body] : [], context)
        if isHidden(&article), article.pubStatus == .usable { article.pubStatus = .withheld }
        takeCategories(&article)
        // Publishing programs write where on their own site the page lies.
        if let url = article.url, !WebAddress.isAbsolute(url) {
            article.url = nil
            article.ext["url"] = .string(url)
        }
    }

    /// Takes what says that the article is not published (yet): `draft: true`, `published: false`, `status: draft`.
    private func isHidden(_ article: inout Article) -> Bool {
        var isHidden = false
        for (name, value) in article.ext {
            switch (name.lowercased(), value) {
            case ("draft", .boolean(let flag)):
                isHidden = isHidden || flag
                article.ext[name] = nil
            case ("draft", .string(let text)) where ["true", "yes", "on"].contains(text.lowercased()):
                isHidden = true
                article.ext[name] = nil
            case ("published", .boolean(let flag)):
                isHidden = isHidden || !flag
                article.ext[name] = nil
            case ("status", .string(let text)) where ["draft", "private", "pending"].contains(text.lowercased()):
                isHidden = true
            default: break
            }
        }
        return isHidden
    }

    /// Beside tags, categories are what the article is about.
    private func takeCategories(_ article: inout Article) {
        guard article.subjects.isEmpty, !article.keywords.isEmpty, case .array(let values)? = article.ext["categories"]
        else { return }
        let names = values.compactMap { $0.stringValue.map(VisibleText.clean) }.filter { !$0.isEmpty }
        guard names.count == values.count, !names.isEmpty else { return }
        article.subjects = names.map { .init(name: $0) }
        article.ext["categories"] = nil
    }
}
