package import Articles
package import Messaging
package import SQLite

/// The indexing worker: keeps every article in the archive and makes it found, or not found any more.
///
/// It does not judge duplicates; a result says what happened (`action`) and how many words went in.
package final class Indexer: StatefulProcessor {
    package let kind = "index"
    /// The topics that it works on.
    package static let topics = ["art/"]

    private var index: ArticleIndex?

    /// Makes a worker; ``prepare(_:)`` gives it its database.
    package init() {}

    package func prepare(_ connection: Connection) throws {
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
        return .ok(data)
    }

    package func kill(_ kill: KillRecord, bytes: [UInt8], at position: Position) throws {
        guard let index else { preconditionFailure("an indexer is prepared before it works") }
        _ = try index.kill(source: kill.source, uri: kill.uri, at: position)
    }

    package func willCommit() throws { try index?.writeText() }

    package func didCommit() {}
}
