package import Articles
import Linux
package import Messaging
package import SQLite

/// The indexing worker: keeps every article in the archive and makes it found, or not found any more; and holds it against
/// the saved searches, whose matches are a stream of its own.
///
/// It does not judge duplicates; a result says what happened (`action`), how many words went in and how many saved searches
/// were met.
package final class Indexer: StatefulProcessor {
    package let kind = "index"
    /// The topics that it works on.
    package static let topics = ["art/"]

    private let savedSearches: SavedSearches
    private let retention: Duration
    private let publish: ([LogRecord]) -> Void
    private var index: ArticleIndex?
    private var log: ArticleLog?
    private var nextTrim = ContinuousClock.now

    /// Makes a worker; ``prepare(_:)`` gives it its database.
    ///
    /// - Parameters:
    ///   - savedSearches: the path of their store.
    ///   - retention: how long matches are kept on their stream.
    ///   - publish: called after each commit with the matches that were appended: their ``LogServer`` serves them.
    package init(
        savedSearches: String, retention: Duration = .seconds(7 * 86_400), publish: @escaping ([LogRecord]) -> Void
    ) throws {
        self.savedSearches = try SavedSearches(path: savedSearches)
        self.retention = retention
        self.publish = publish
    }

    package func prepare(_ connection: Connection) throws {
        log = try ArticleLog(connection: connection)
        let index = try ArticleIndex(connection: connection)
        try index.prepare()
        self.index = index
    }

    package func apply(_ item: WorkItem) throws -> WorkResult {
        guard let index else { preconditionFailure("an indexer is prepared before it works") }
        let outcome = try index.apply(item.article, bytes: item.bytes, at: item.position)
        var data: [String: JSONValue] = [
            "action": .string(outcome.action.rawValue), "words": .integer(Int64(outcome.words)),
        ]
        if let warning = outcome.warning { data["warning"] = .string(warning) }
        let matches = outcome.isShownAnew ? try tellMatches(of: item) : 0
        if matches > 0 { data["matches"] = .integer(Int64(matches)) }
        return .ok(data)
    }

    /// Appends a match for each saved search that an article meets; returns how many there are.
    private func tellMatches(of item: WorkItem) throws -> Int {
        let names = try savedSearches.matches(
            item.article, index?.lastText, time: item.position.timeMilliseconds)
        guard !names.isEmpty else { return 0 }
        let (stream, now) = (item.position.stream.description, Clocks.wallMilliseconds())
        for name in names {
            let match = MatchRecord(
                name: name, stream: stream, epoch: item.position.epoch, seq: item.position.seq,
                articleID: item.article.id, timeMilliseconds: now)
            _ = try log?.append(topic: .match(name: name), record: match.encodeRecord())
        }
        return names.count
    }

    package func kill(_ kill: KillRecord, bytes: [UInt8], at position: Position) throws {
        guard let index else { preconditionFailure("an indexer is prepared before it works") }
        _ = try index.kill(source: kill.source, uri: kill.uri, at: position)
    }

    package func erase(_ gone: GoneRecord, at position: Position) throws {
        guard let index else { preconditionFailure("an indexer is prepared before it works") }
        try index.erase(gone, at: position)
    }

    package func didRollBack() throws { try log?.forgetAppended() }

    package func willCommit() throws { try index?.writeText() }

    package func didCommit() throws {
        savedSearches.endBatch()
        let appended = log?.takeAppended() ?? []
        if !appended.isEmpty { publish(appended) }
        guard nextTrim <= .now else { return }
        nextTrim = .now + .seconds(60)
        try log?.trim(keeping: retention)
    }
}
