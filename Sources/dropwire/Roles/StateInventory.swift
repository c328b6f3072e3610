import Deduplication
import Indexing
import Ingestion
import Messaging
import SQLite
import Status
import Webhooks

/// Which versions of which tables each database below the state directory has.
enum StateInventory {
    /// The sets of tables of each database.
    static let versions: KeyValuePairs<String, [StateVersion]> = [
        "watch/log.sqlite": [ArticleLog.stateVersion, Intake.stateVersion],
        "watch/log.sqlite-groups": [LogServer.groupsVersion],
        "deduplicate/state.sqlite": [
            ArticleLog.stateVersion, StatefulWorker.stateVersion, Deduplicator.stateVersion,
        ],
        "deduplicate/state.sqlite-groups": [LogServer.groupsVersion],
        "index/index.sqlite": [ArticleLog.stateVersion, StatefulWorker.stateVersion, ArticleIndex.stateVersion],
        "index/index.sqlite-groups": [LogServer.groupsVersion],
        "index/saved-searches.sqlite": [SavedSearchStore.stateVersion],
        "index/stories.sqlite": [StoryStore.stateVersion],
        "index/webhooks.sqlite": [DeliveryStore.stateVersion],
        "status/results.sqlite": [ArticleLog.stateVersion, ResultStore.stateVersion],
        "status/results.sqlite-groups": [LogServer.groupsVersion],
    ]

    /// Throws `NewerState` where a database has tables of a later version than this program knows.
    ///
    /// - Parameters:
    ///   - path: which database it is, below the state directory.
    ///   - file: where it lies.
    static func check(_ path: String, at file: String) throws {
        guard let versions = versions.first(where: { $0.key == path })?.value else { return }
        let connection = try Connection(path: file, mode: .readOnly)
        for version in versions { try version.check(connection) }
    }
}
