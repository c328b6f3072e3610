/// The records of an ``ArticleStream`` by batches.
public struct Batches: AsyncSequence, Sendable {
    /// Records that came together.
    public typealias Element = Batch
    /// Why it cannot be read on.
    public typealias Failure = StreamError

    let stream: ArticleStream

    /// Begins to read.
    public func makeAsyncIterator() -> Iterator { Iterator(reader: StreamReader(stream)) }

    /// Reads batch by batch.
    public struct Iterator: AsyncIteratorProtocol {
        private let handle: Handle

        init(reader: StreamReader) { handle = Handle(reader) }

        /// Returns the next batch, waiting for it; nil where the task was cancelled.
        ///
        /// A batch without records moves the cursor over what the topics left out.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(StreamError) -> Batch? {
            try await handle.reader.next(isolation: actor)
        }
    }

    /// Ends the reading when nobody iterates any more.
    private final class Handle: Sendable {
        let reader: StreamReader
        init(_ reader: StreamReader) { self.reader = reader }
        deinit { reader.stop() }
    }
}
