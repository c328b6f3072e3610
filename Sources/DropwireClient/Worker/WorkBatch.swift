import Articles
import Linux
import Messaging
import Synchronization

/// Records to be applied together, in one transaction of the caller's with their ``checkpoint``.
public final class WorkBatch: Sendable {
    /// All records in their order; kills and erasures are among them. None where only the checkpoint is to be saved.
    public let records: [Record]
    /// The articles among them.
    public let articles: [WorkItem]

    private let cursor: Cursor
    private let kind: String
    private let generation: Int
    private let state: Mutex<State>

    private struct State {
        /// What is not known to be stored, the oldest first.
        var results: [ResultRecord]
        /// How many of them stand in the checkpoint that was taken last.
        var taken: Int?
    }

    /// Makes a batch.
    ///
    /// - Parameters:
    ///   - pending: results of earlier batches that are not known to be stored.
    init(
        _ records: [Record], upTo cursor: Cursor, kind: String, generation: Int, pending: [ResultRecord]
    ) {
        self.records = records
        self.cursor = cursor
        self.kind = kind
        self.generation = generation
        var articles: [WorkItem] = []
        var results = pending
        for record in records where record.type == .gone {
            guard case .gone(let gone)? = try? record.content else { continue }
            WorkBatch.erase(gone, from: &results)
        }
        for record in records where record.type == .article {
            do {
                guard let article = try record.article else { continue }
                articles.append(WorkItem(position: record.position, bytes: record.bytes, article: article))
            } catch {
                // It will not be an article at the next attempt either.
                results.append(
                    WorkBatch.record(
                        .failed("\(error)"), at: record.position, id: nil, kind: kind, generation: generation))
            }
        }
        self.articles = articles
        state = Mutex(State(results: results))
    }

    /// Has a result stored by the status service once the batch is committed; a second one on an article replaces the first.
    public func report(_ result: WorkResult, on item: WorkItem) {
        report(result, at: item.position, id: item.article.id)
    }

    func report(_ result: WorkResult, at position: Position, id: ArticleID?) {
        let record = WorkBatch.record(result, at: position, id: id, kind: kind, generation: generation)
        state.withLock { state in
            state.taken = nil
            state.results.removeAll { $0.seq == record.seq && $0.stream == record.stream && $0.epoch == record.epoch }
            state.results.append(record)
        }
    }

    /// What to save in the same transaction; take it after the last report.
    public var checkpoint: Checkpoint {
        state.withLock { state in
            state.taken = state.results.count
            return Checkpoint(cursor: cursor, results: state.results)
        }
    }

    /// The results that stand in the checkpoint that was taken; nil where none was taken after the last report.
    var saved: [ResultRecord]? { state.withLock { $0.taken == $0.results.count ? $0.results : nil } }

    /// Leaves nothing of an erased article's words in what waits to be reported.
    private static func erase(_ gone: GoneRecord, from results: inout [ResultRecord]) {
        for index in results.indices {
            let result = results[index]
            if gone.seqs.contains(result.seq) || gone.id.map({ $0 == result.articleID }) == true {
                results[index].removeWords()
            }
        }
    }

    private static func record(
        _ result: WorkResult, at position: Position, id: ArticleID?, kind: String, generation: Int
    ) -> ResultRecord {
        ResultRecord(
            stream: position.stream, epoch: position.epoch, seq: position.seq, kind: kind, generation: generation,
            attempt: 1, status: result.status, timeMilliseconds: Clocks.wallMilliseconds(), articleID: id,
            data: result.data)
    }
}
