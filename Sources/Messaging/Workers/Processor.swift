package import Articles
package import SQLite

/// An article to work on.
package struct WorkItem {
    /// Where its record stands.
    package let position: Position
    /// The record's bytes.
    package let bytes: [UInt8]
    /// The record, read.
    package let article: Article

    /// Makes an item.
    package init(position: Position, bytes: [UInt8], article: Article) {
        self.position = position
        self.bytes = bytes
        self.article = article
    }
}

/// What a worker made of an article.
package struct WorkResult: Sendable {
    package var status: ResultRecord.Outcome
    /// What was found; its members are the worker's own.
    package var data: JSONValue

    /// Makes a result.
    package init(status: ResultRecord.Outcome, data: JSONValue) {
        self.status = status
        self.data = data
    }

    /// A result of work that was done.
    package static func ok(_ members: [String: JSONValue]) -> WorkResult {
        WorkResult(status: .ok, data: .object(members))
    }
    /// A result of an attempt that failed.
    ///
    /// - Parameters:
    ///   - code: one word for the reason, where there is one.
    ///   - isDead: no further attempt is made.
    package static func failed(_ reason: String, code: String? = nil, isDead: Bool) -> WorkResult {
        var members: [String: JSONValue] = ["reason": .string(reason), "dead": .boolean(isDead)]
        if let code { members["code"] = .string(code) }
        return WorkResult(status: .failed, data: .object(members))
    }
    /// The verdict of what an operator has discarded.
    package static let discardedVerdict = "discarded"
    /// A result that says that an operator has given the article up.
    package static func discarded(by operator: String?) -> WorkResult {
        var members: [String: JSONValue] = [
            "reason": .string("discarded by the operator"), "verdict": .string(discardedVerdict),
        ]
        if let `operator` { members["by"] = .string(`operator`) }
        return WorkResult(status: .skipped, data: .object(members))
    }
    /// A result that says why there was nothing to do.
    package static func skipped(_ reason: String) -> WorkResult {
        WorkResult(status: .skipped, data: .object(["reason": .string(reason)]))
    }
}

/// The work of a worker that keeps state: applied in order, each article once in effect.
package protocol StatefulProcessor: AnyObject {
    /// The kind of its results, for example `deduplicate`.
    var kind: String { get }

    /// Makes or migrates the tables on the worker's connection and loads what is needed. Called once, outside of a
    /// transaction.
    func prepare(_ connection: Connection) throws

    /// Applies one article inside the worker's transaction, in a savepoint of its own.
    ///
    /// Throwing fails this article only: its savepoint is rolled back. So memory is changed after the last thing that
    /// can throw. The same item may come again after a crash that undid its commit.
    func apply(_ item: WorkItem) throws -> WorkResult

    /// Takes note, inside the worker's transaction, that an article is withdrawn: for ever, and perhaps before it came.
    func kill(_ kill: KillRecord, bytes: [UInt8], at position: Position) throws

    /// Takes note, inside the worker's transaction, that an article was erased: removes what it has of the article's words,
    /// for ever where the cause is an operator's word. It may come several times, and before its article.
    ///
    /// What was overwritten or deleted in the database leaves no trace there: the worker sees to that after the commit.
    func erase(_ gone: GoneRecord, at position: Position) throws

    /// An article's savepoint was rolled back: forgets what was changed for it in memory. Called within the transaction.
    func didRollBack() throws

    /// Finishes a batch: the last step inside its transaction, outside of the articles' savepoints. Throwing gives the
    /// processor up without a commit.
    func willCommit() throws

    /// The transaction was committed. (Where a commit fails the processor is given up: memory never needs a rollback.)
    func didCommit() throws
}

extension StatefulProcessor {
    package func kill(_ kill: KillRecord, bytes: [UInt8], at position: Position) throws {}
    package func erase(_ gone: GoneRecord, at position: Position) throws {}
    package func didRollBack() throws {}
    package func willCommit() throws {}
}

/// The work of a worker without state: any number of processes share a stream.
package protocol StatelessProcessor: AnyObject {
    /// The kind of its results, for example `summarize`.
    var kind: String { get }

    /// Works on one article; throwing fails this attempt only, but for ``WorkInterrupted``, which leaves it to the next run.
    func work(_ item: WorkItem) throws -> WorkResult

    /// Takes note that an article is withdrawn.
    ///
    /// Records are shared among the processes of a kind: this one is told of the kills that it claimed. The status service
    /// keeps what of a killed article another process reports to itself.
    func kill(_ kill: KillRecord)

    /// Takes note that an article was erased; it may be in hand at this moment. The status service keeps what is reported
    /// of it to itself.
    func erase(_ gone: GoneRecord)
}

extension StatelessProcessor {
    package func kill(_ kill: KillRecord) {}
    package func erase(_ gone: GoneRecord) {}
}
