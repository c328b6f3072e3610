import Articles
package import Messaging
package import SQLite

/// Makes a worker of the deduplicator: judges each article and passes unique ones and revisions on to a stream of its own.
package final class DeduplicationProcessor: StatefulProcessor {
    package let kind = "deduplicate"
    private let deduplicator: Deduplicator
    private let publish: ([LogRecord]) -> Void
    private let opened: (ArticleLog) -> Void
    private var log: ArticleLog?

    /// Makes a processor.
    ///
    /// - Parameters:
    ///   - opened: called once with the stream of unique articles, when it is open.
    ///   - publish: called after each commit with what was appended to the stream: its ``LogServer`` serves it.
    package init(
        deduplicator: Deduplicator, opened: @escaping (ArticleLog) -> Void = { _ in },
        publish: @escaping ([LogRecord]) -> Void
    ) {
        self.deduplicator = deduplicator
        self.opened = opened
        self.publish = publish
    }

    package func prepare(_ connection: Connection) throws {
        let log = try ArticleLog(connection: connection)
        self.log = log
        try deduplicator.prepare(connection)
        opened(log)
    }

    package func apply(_ item: WorkItem) throws -> WorkResult {
        let place = Deduplicator.Place(
            stream: item.position.stream.description, epoch: item.position.epoch, seq: item.position.seq,
            timeMilliseconds: item.position.timeMilliseconds)
        let judgement = try deduplicator.judge(item.article, at: place) {
            // The record's own bytes; its topic is a function of the article, the same as on the first stream.
            let topic = Topic.article(source: item.article.source, language: item.article.language)
            _ = try log?.append(topic: topic, record: item.bytes)
        }
        return .ok(judgement.data)
    }

    package func didRollBack() throws { try log?.forgetAppended() }

    package func didCommit() {
        let appended = log?.takeAppended() ?? []
        if !appended.isEmpty { publish(appended) }
    }
}
