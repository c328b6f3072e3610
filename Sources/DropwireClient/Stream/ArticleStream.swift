/// The records of a log as a sequence that does not end: what was committed, in its order, and then what comes.
///
/// ```swift
/// for try await record in ArticleStream(from: .end, topics: ["art/"]) {
///     print(try record.article?.title ?? "")
/// }
/// ```
///
/// Every record comes once, in order, without holes. A server that is restarted, frozen or away is waited for, with pauses
/// that grow to five seconds, and reading goes on at the same place. What cannot be read on is a ``StreamError``.
///
/// Each iteration reads by itself, on a thread of its own. It asks for the next batch only when there is room: a consumer
/// that is slow holds one batch in its hand and one in memory. Cancelling the task ends the sequence.
public struct ArticleStream: AsyncSequence, Sendable {
    /// A record.
    public typealias Element = Record
    /// Why it cannot be read on.
    public typealias Failure = StreamError

    let connection: Connection
    let start: StreamStart
    /// Prefixes of topics, none for everything; each part ends in `/`.
    public var topics: [String]
    /// The name under which ``Batch/commit()`` tells the log how far this consumer is.
    public var consumer: String?
    /// How many records a batch has at most, 1 to 1000.
    public var maximumRecords = 256
    /// How many bytes of records a batch has at most, up to 8 MiB; one record comes in any case.
    public var maximumBytes = 1 << 20
    /// How long a server that does not answer is waited for; nil without end.
    public var patience: Duration?
    /// Told, on the thread that reads, why nothing comes, in a sentence; nil when it comes again.
    public var onTrouble: (@Sendable (String?) -> Void)?

    /// Describes what is to be read; nothing is connected before it is iterated.
    ///
    /// - Parameters:
    ///   - connection: whose log is read.
    ///   - start: where to begin; to go on where one stopped, a cursor.
    ///   - topics: prefixes of topics, for example `art/bbc/`; none for everything.
    ///   - consumer: a name for the display of lag.
    public init(
        _ connection: Connection = Connection(), from start: StreamStart, topics: [String] = [],
        consumer: String? = nil
    ) {
        self.connection = connection
        self.start = start
        self.topics = topics
        self.consumer = consumer
    }

    /// The same records by batches, for consumers that commit many at once.
    public var batches: Batches { Batches(stream: self) }

    /// Begins to read.
    public func makeAsyncIterator() -> Iterator { Iterator(batches: batches.makeAsyncIterator()) }

    /// Reads record by record.
    public struct Iterator: AsyncIteratorProtocol {
        var batches: Batches.Iterator
        private var records: [Record] = []
        private var index = 0

        init(batches: Batches.Iterator) { self.batches = batches }

        /// Returns the next record, waiting for it; nil where the task was cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(StreamError) -> Record? {
            while index >= records.count {
                guard let batch = try await batches.next(isolation: actor) else { return nil }
                records = batch.records
                index = 0
            }
            if Task.isCancelled { return nil }
            index += 1
            return records[index - 1]
        }
    }
}
