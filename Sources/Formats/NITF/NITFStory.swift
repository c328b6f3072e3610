import Articles

/// What a document of NITF shows: headlines, byline, dateline, abstract, text and pictures.
struct NITFStory {
    private(set) var title: String?
    private(set) var subtitle: String?
    private(set) var bylines: [String] = []
    private(set) var dateline: String?
    private(set) var abstract: String?
    private(set) var distributor: String?
    private(set) var rights: String?
    /// The date that the dateline has.
    private(set) var date: String?
    /// What is said to editors.
    private(set) var notes: [String] = []
    private(set) var media: [Article.Media] = []
    private(set) var text: StoryText

    init(_ news: NewsTree, _ root: Int) {
        let body = news.first(.body, in: root) ?? root
        let contents = news.children(of: body).filter { [.bodyContent, .bodyEnd].contains(news.tag($0)) }
        text = StoryText(news, in: contents, url: nil) { news.tag($0) == .note && NITFStory.isForEditors(news, $0) }
        if let head = news.first(.bodyHead, in: body) { read(news, head: head) }
        for content in contents {
            for index in news.descendants(of: content) {
                switch news.tag(index) {
                case .media: readMedia(news, index)
                case .note where NITFStory.isForEditors(news, index): news.text(index).map { notes.append($0) }
                default: break
                }
            }
        }
    }

    private static func isForEditors(_ news: NewsTree, _ note: Int) -> Bool {
        news.value(.noteclass, of: note)?.lowercased() == "editorsnote"
    }

    private mutating func read(_ news: NewsTree, head: Int) {
        for child in news.children(of: head) {
            switch news.tag(child) {
            case .hedline:
                title = title ?? news.text(of: .hl1, in: child)
                subtitle = subtitle ?? news.text(of: .hl2, in: child)
            case .byline: bylines += names(news, byline: child)
            case .dateline:
                dateline = dateline ?? news.text(child)
                date = date ?? news.first(.storyDate, in: child).flatMap { news.value(.norm, of: $0) }
            case .rights: rights = rights ?? news.text(child)
            case .distributor: distributor = distributor ?? news.text(child)
            case .abstract: abstract = abstract ?? StoryText(news, in: [child], url: nil).text
            case .note: news.text(child).map { notes.append($0) }
            default: break
            }
        }
    }

    /// The persons of a byline, or its text without the title that may stand behind, unless there is nothing else.
    private func names(_ news: NewsTree, byline: Int) -> [String] {
        let persons = news.texts(of: .person, in: byline)
        guard persons.isEmpty else { return persons }
        let words = news.text(byline, without: .byttl) ?? news.text(byline)
        return [words].compactMap { text in
            text.map { String($0.reversed().drop { $0 == "," || $0 == " " }.reversed()) }
        }.filter { !$0.isEmpty }
    }

    private mutating func readMedia(_ news: NewsTree, _ index: Int) {
        guard let reference = news.first(.mediaReference, in: index), let href = news.value(.source, of: reference)
        else {
            return
        }
        media.append(
            Article.Media(
                href: href, contentType: news.value(.mimeType, of: reference),
                caption: news.text(of: .mediaCaption, in: index), credit: news.text(of: .mediaProducer, in: index)))
    }
}
