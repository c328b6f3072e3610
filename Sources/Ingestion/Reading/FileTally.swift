import Articles
import Formats
import Linux

/// What has come of a file's parts so far: what its `file` record says in the end.
struct FileTally {
    var format = "-"
    /// The last part that was read.
    var partsDone = 0
    var articles = 0
    var failed = 0
    var firstSeq: UInt64?
    var lastSeq: UInt64?
    var articleID: ArticleID?
    /// Articles that were to be held: those that are, those that were released since, and those that were superseded.
    var embargoed = 0
    /// Those that are held.
    var held = 0
    /// What took the place of the last that was superseded.
    var supersededCode: ReasonCode?
    /// Why some part rightly brings no news.
    var ignoredReason: ReasonCode?
    /// The first failures, as the record lists them.
    var listed: [FileRecord.Failure] = []
    /// Parts that failed and lie in the quarantine as files of their own.
    var kept = 0
    /// A part failed and does not lie in the quarantine as a file of its own: it is nowhere but in the whole file.
    var hasLoss = false

    /// Counts an article that was appended.
    mutating func add(_ article: EncodedArticle, at place: ClosedRange<UInt64>) {
        articles += 1
        firstSeq = firstSeq ?? place.lowerBound
        lastSeq = place.upperBound
        articleID = articleID ?? article.id
    }

    /// Counts what has become of the articles that were to be held.
    mutating func add(_ share: HeldShare) {
        articles += share.released
        firstSeq = [firstSeq, share.firstSeq].compactMap { $0 }.min()
        lastSeq = [lastSeq, share.lastSeq].compactMap { $0 }.max()
        articleID = articleID ?? share.articleID
        held = share.held
        supersededCode = share.code
    }

    /// Counts parts that failed.
    mutating func add(_ failures: [FailedPiece]) {
        failed += failures.count
        for piece in failures {
            if piece.isKept { kept += 1 } else { hasLoss = true }
            guard listed.count < FileRecord.listedFailures else { continue }
            listed.append(
                FileRecord.Failure(
                    part: piece.number, member: piece.member, code: piece.error.code.rawValue,
                    message: piece.error.cause))
        }
    }

    /// Writes it into the file's record, with outcome and code.
    ///
    /// - Parameters:
    ///   - end: why nothing more was read, where there should be more.
    ///   - earlier: what published the same content before, or other parts of it.
    func describe(end: ParseError?, earlier: Ledger.Published?, in record: inout FileRecord) {
        record.format = format == "-" ? nil : format
        record.articles = articles
        record.failedParts = failed
        record.failed = listed.isEmpty ? nil : listed
        record.firstSeq = firstSeq
        record.lastSeq = lastSeq
        record.articleID = articleID
        let hasGood = articles > 0 || embargoed > 0 || earlier?.outcome == .partial
        if let end {
            record.outcome = hasGood ? .partial : .quarantined
            record.code = end.code.rawValue
            record.message = partsDone > 0 ? "after part \(partsDone): \(end.cause)" : end.cause
        } else if let first = listed.first {
            record.outcome = hasGood ? .partial : .quarantined
            record.code = first.code
            record.message = "part \(first.part): \(first.message)"
        } else if articles > 0 || held > 0 {
            record.outcome = .published
        } else if let supersededCode {
            record.outcome = .ignored
            record.code = supersededCode.rawValue
        } else if let earlier {
            record.outcome = .duplicate
            record.code = ReasonCode.duplicateContent.rawValue
            record.duplicateOf = earlier.path.description
            record.message = "the same content was dropped before as '\(earlier.path)'"
        } else if let ignoredReason {
            record.outcome = .ignored
            record.code = ignoredReason.rawValue
        } else {
            record.outcome = .quarantined
            record.code = ReasonCode.empty.rawValue
            record.message = "there is nothing in it"
        }
    }
}
