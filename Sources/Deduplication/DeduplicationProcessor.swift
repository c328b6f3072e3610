package import Articles
package import Messaging
package import SQLite

/// Makes a worker of the deduplicator: judges each article and passes unique ones and revisions on to a stream of its own.
package final class DeduplicationProcessor: StatefulProcessor {
    package let kind = "deduplicate"
    private let deduplicator: Deduplicator
    private let publish: ([LogRecord]) -> Void
    private let opened: (ArticleLog) -> Void
    private let retention: Duration
    private var log: ArticleLog?
    private var nextTrim = ContinuousClock.now

    /// Makes a processor.
    ///
    /// - Parameters:
    ///   - retention: how long records are kept on the stream.
    ///   - opened: called once with the stream of unique articles, when it is open.
    ///   - publish: called after each commit with what was appended to the stream: its ``LogServer`` serves it.
    package init(
        deduplicator: Deduplicator, retention: Duration = .seconds(7 * 86_400),
        opened: @escaping (ArticleLog) -> Void = { _ in },
        publish: @escaping ([LogRecord]) -> Void
    ) {
        self.deduplicator = deduplicator
        self.retention = retention
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
        guard try !deduplicator.isKilled(item.article) else { return .skipped("its publisher has withdrawn it") }
        let judgement = try deduplicator.judge(item.article, at: place, record: item.bytes) {
            // The record's own bytes; its topic is a function of the article, the same as on the first stream.
            let topic = Topic.article(source: item.article.source, language: item.article.language)
            _ = try log?.append(topic: topic, record: item.bytes)
        }
        var data = judgement.data
        if !deduplicator.joinedStories.isEmpty {
            // Who follows stories by results has no other way to learn that two of them are one.
            data["merged_stories"] = .array(deduplicator.joinedStories.map { .string($0.description) })
        }
        return .ok(data)
    }

    package func kill(_ kill: KillRecord, bytes: [UInt8], at position: Position) throws {
        // A publisher may send it with every version: once is enough for whoever follows the stream.
        guard let survivors = try deduplicator.kill(source: kill.source, uri: kill.uri) else { return }
        let topic = Topic.article(source: kill.source, language: kill.language ?? "und")
        _ = try log?.append(kill: bytes, topic: topic)
        for survivor in survivors { _ = try log?.append(topic: Topic(stored: survivor.topic), record: survivor.record) }
    }

    package func didRollBack() throws { try log?.forgetAppended() }

    package func didCommit() throws {
        let appended = log?.takeAppended() ?? []
        if !appended.isEmpty { publish(appended) }
        // Where nothing comes nothing grows, so work is the time to look.
        guard nextTrim <= .now else { return }
        nextTrim = .now + .seconds(60)
        try log?.trim(keeping: retention)
    }
}
