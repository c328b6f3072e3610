/// What stands before a document's first item, read once: it describes all of them.
final class NewsMessage {
    let news: NewsTree
    /// The schemes behind codes, of NewsML-G2.
    private(set) lazy var codes = QCodes(ofMessage: news)
    /// The topics behind references, of NewsML 1.
    private(set) lazy var topics = Topics(ofMessage: news)

    init(_ news: NewsTree) { self.news = news }
}
