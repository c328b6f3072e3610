/// The databases of an installation, below the state directory, in the order in which a backup takes them.
///
/// Each is taken as it is at its own moment, and put back together they must fit as if all had stopped and gone on: nobody
/// may have read what its log does not have, and nobody may have handed on what the one behind does not have. So whoever
/// reads comes before what it reads:
///
/// - a worker before the watcher's log: its cursor is behind the log's end or at it, since the log only grows;
/// - a worker before the status service: what has left its outbox is stored there, and what is in both is stored once;
/// - a log's groups before the status service and before the log: what a group has finished was reported before;
/// - the status service before the watcher's log, which it follows, too;
/// - what follows the index's matches and the status service's results before the index and the status service.
///
/// The book of erasures, to which lines are only added, comes last: an erasure that the log's copy does not know yet is
/// done again at the next start.
enum BackupOrder {
    static let databases = [
        "index/webhooks.sqlite", "index/saved-searches.sqlite", "index/stories.sqlite", "index/index.sqlite-groups",
        "index/index.sqlite", "deduplicate/state.sqlite-groups", "deduplicate/state.sqlite",
        "status/results.sqlite-groups", "watch/log.sqlite-groups", "status/results.sqlite", "watch/log.sqlite",
    ]
    /// Those of them that hold a log.
    static let logs = ["index/index.sqlite", "deduplicate/state.sqlite", "status/results.sqlite", "watch/log.sqlite"]
    /// The book of erasures.
    static let erasures = "watch/erasures.jsonl"
    /// The directories of the roles that have databases.
    static let roles = ["index", "deduplicate", "status", "watch"]
}
