import Articles
import Formats

/// A file that was read: what is committed of it.
struct Reading {
    var identity: FileIdentity
    /// 32 bytes; nil where the file was not read.
    var sha256: [UInt8]?
    var received: Timestamp
    var content: Result<FileContent, ParseError>
    /// What belongs to it.
    var companions: [Companion] = []
    /// What tells its articles again, where that is more than the content: the digest of content and metadata.
    var contentKey: [UInt8]?
}

/// What was read of a file, ready for the log: all of it, or one piece.
struct FileContent {
    var format = "-"
    var articles: [EncodedArticle] = []
    var failed: [FailedPiece] = []
    /// Why a part of it rightly brings no news, the first one.
    var ignoredReason: ReasonCode?
    /// The last part that was read.
    var lastPart = 0
    /// It is the last piece.
    var isLast = false
    /// Why nothing more can be read, where there should be more.
    var endError: ParseError?
    /// Bytes of records and of failed parts.
    private(set) var bytes = 0
    /// Parts that were looked at.
    private var parts = 0

    /// What one piece may hold.
    struct Limit: Sendable {
        var parts = 1000
        var bytes = 8 << 20
        /// With those that give nothing.
        var seen = 10_000
    }

    /// Nothing is to be committed of it.
    var isEmpty: Bool { articles.isEmpty && failed.isEmpty }

    /// There is as much as one piece may hold.
    private func isFull(_ limit: Limit) -> Bool {
        articles.count + failed.count >= limit.parts || bytes >= limit.bytes || parts >= limit.seen
    }

    /// Takes in a part.
    ///
    /// - Parameter topicSource: what stands for the source in topics, where it is not the article's own.
    mutating func add(_ part: ParsedPart, topicSource: String?) {
        switch part.content {
        case .article(let article) where FileContent.withdrawsNothing(article):
            bytes += part.bytes?.count ?? 0
            failed.append(FailedPiece(part, .withdrawsNothing(article.ingest.format)))
        case .article(let article):
            let encoded = EncodedArticle(article, part: part.number, topicSource: topicSource)
            bytes += encoded.record.count
            articles.append(encoded)
        case .failed(let error):
            bytes += part.bytes?.count ?? 0
            failed.append(FailedPiece(part, error))
        case .ignored(let reason): ignoredReason = ignoredReason ?? reason
        }
        lastPart = part.number
    }

    /// Takes parts from a reader until there are none left, or as many as one piece may hold.
    ///
    /// - Parameters:
    ///   - maximumFailures: so many parts may fail; one more ends the reading.
    /// - Throws: what the reader's source throws; ``ParseError`` where the very first part cannot be read.
    mutating func fill(
        from reader: any PartReader, upTo limit: Limit, topicSource: String?, maximumFailures: Int,
        wants: (Int) -> Bool = { _ in true }
    ) throws {
        defer { format = reader.format }
        while !isFull(limit) {
            do {
                guard let part = try reader.next() else {
                    isLast = true
                    return
                }
                parts += 1
                guard wants(part.number) else {
                    lastPart = part.number
                    continue
                }
                if case .failed = part.content, failed.count >= maximumFailures {
                    endError = .tooManyFailures(maximumFailures, part.number)
                    isLast = true
                    return
                }
                add(part, topicSource: topicSource)
            } catch let error as ParseError where lastPart > 0 {
                endError = error
                isLast = true
                return
            }
        }
    }

    /// An article is canceled, and it is not said which one.
    private static func withdrawsNothing(_ article: borrowing Article) -> Bool {
        article.pubStatus == .canceled && article.uri?.isEmpty != false
    }

    /// Returns the content without what is not to be published.
    func selected(_ selection: PartSelection) -> FileContent {
        guard !selection.isAll else { return self }
        var selected = self
        selected.articles.removeAll { !selection.takes($0.part) }
        selected.failed.removeAll { !selection.takes($0.number) }
        return selected
    }

    /// Takes in a file that was parsed as a whole.
    init(_ parsed: ParsedFile, topicSource: String?) {
        format = parsed.format
        ignoredReason = parsed.ignoredReason
        isLast = true
        articles.reserveCapacity(parsed.articles.count)
        // By index: a copy of an article retains and releases some forty fields.
        for index in parsed.articles.indices {
            let part = parsed.articles[index].ingest.part
            if FileContent.withdrawsNothing(parsed.articles[index]) {
                let error = ParseError.withdrawsNothing(parsed.articles[index].ingest.format)
                failed.append(FailedPiece(ParsedPart(number: part, content: .failed(error)), error))
                continue
            }
            articles.append(EncodedArticle(parsed.articles[index], part: part, topicSource: topicSource))
        }
        failed += parsed.failed.map { FailedPiece(ParsedPart(number: $0.part, content: .failed($0.error)), $0.error) }
        failed.sort { $0.number < $1.number }
        lastPart = max(articles.last?.part ?? 0, failed.last?.number ?? 0)
    }

    /// Makes an empty piece.
    init() {}

    /// Makes the content of a file that is not looked into.
    init(ignored reason: ReasonCode) {
        ignoredReason = reason
        isLast = true
    }
}

extension ParseError {
    fileprivate static func tooManyFailures(_ limit: Int, _ part: Int) -> ParseError {
        ParseError(
            code: .tooManyFailures, format: "-",
            message:
                "more than \(limit) parts failed, which is max_failed_parts; nothing was read from part \(part) on",
            hint: "raise the limit of the drop directory and retry")
    }
}

extension ParseError {
    fileprivate static func withdrawsNothing(_ format: String) -> ParseError {
        ParseError(
            code: .badField, format: format, message: "it cancels an article and has no uri that says which one",
            hint: "ask the publisher for the uri of the article that is withdrawn")
    }
}
