import Articles

/// Own records as they are.
struct RecordWriter: ArticleWriter {
    let start: [UInt8] = []
    let end: [UInt8] = []

    func write(_ article: Article, record: [UInt8]) -> [UInt8] { record + [0x0a] }
}
