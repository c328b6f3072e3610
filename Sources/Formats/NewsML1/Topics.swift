/// The topics that an item of NewsML 1, or its document, describes: what its codes and references stand for.
struct Topics {
    /// What a code stands for.
    struct Topic {
        var name: String
        var code: String?
        var scheme: String?
        /// As `Person` or `Company`.
        var type: String?
    }

    private var topics: [String: Topic] = [:]

    /// Reads the topics of a document.
    init(ofMessage news: NewsTree) { read(news) }

    /// Reads the topics of an item, beside those of its document.
    init(_ item: NewsTree, message: NewsMessage?) {
        if let message { self = message.topics }
        read(item)
    }

    private mutating func read(_ news: NewsTree) {
        for index in news.indices where news.tag(index) == .topic { read(index, news) }
    }

    /// The topic of a reference (`#t1`) or a formal name.
    subscript(_ key: String) -> Topic? { topics[key] }

    private mutating func read(_ index: Int, _ news: NewsTree) {
        let formalName = news.first(.formalName, in: index)
        let code = formalName.flatMap { news.text($0) }
        guard let name = news.text(of: .description1, in: index) ?? code else { return }
        let topic = Topic(
            name: name, code: code, scheme: formalName.flatMap { news.value(.scheme1, of: $0) },
            type: news.first(.topicType, in: index).flatMap { news.value(.formalName, of: $0) })
        if let id = news.value(.duid, of: index) { topics["#\(id)"] = topic }
        if let code { topics[code] = topics[code] ?? topic }
    }
}
