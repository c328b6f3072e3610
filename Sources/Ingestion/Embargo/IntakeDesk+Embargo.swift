import Articles
import Linux
import Messaging
import Telemetry

/// Embargoes: what is due goes to the log, and an operator looks at what is held, or lets it go before its time.
extension IntakeDesk {
    /// How long the clock is not looked at while something is held: it may be set meanwhile, and the machine may sleep.
    private static let longestWait = Duration.seconds(1)

    /// How long until the clock is to be looked at; nil where nothing is held.
    var untilRelease: Duration? {
        store.held.nextRelease.map { next in
            // A time may be further away than a sum can have.
            let wall = wallClock()
            return next <= wall ? .zero : min(IntakeDesk.longestWait, .milliseconds(min(next, wall + 1000) - wall))
        }
    }

    /// Puts a batch of what is due on the log; returns whether there was any and the store took it.
    func releaseDue() throws -> Bool {
        guard let next = store.held.nextRelease, next <= wallClock() else { return false }
        if store.trouble != nil, store.troubleUntil > now { return false }
        guard try commit(commits.releaseDue) else { return false }
        try showReleased()
        return true
    }

    /// Publishes what was appended outside of files.
    func showReleased() throws {
        try onPoint?(.afterCommit)
        publish(store.log.takeAppended())
        try onPoint?(.afterPublish)
        store.checkpoint()
    }

    // MARK: The operator

    /// Returns held articles, those of an id or all behind a row.
    func listHeld(id: String? = nil, after row: Int64 = 0, limit: Int) throws -> [HeldArticle] {
        try store.held.list(id: id, after: row, limit: limit)
    }

    /// Lets articles go before their time: those of some ids, or a batch of all where there are none.
    ///
    /// - Returns: the ids of those that are on the log.
    func release(_ ids: [String]?, limit: Int) throws -> [String] {
        var released: [HeldTable.Due] = []
        do {
            released = try commits.release {
                try ids?.flatMap { try store.held.articles(id: $0) } ?? store.held.due(at: .max, limit: limit)
            }
        } catch {
            try store.forgetTransaction(now: now)
            throw error
        }
        try showReleased()
        for article in released {
            logger.notice(
                "An operator released a held article.",
                [.articleID: "\(article.id)", .until: "\(Timestamp(milliseconds: article.until))"])
        }
        return released.map(\.id.description)
    }
}
