import Articles
import Messaging

extension CommitDesk {
    /// Withdraws an article on an operator's word: its kill goes to the log, what is held of it goes, and what comes of it
    /// later is not published.
    ///
    /// - Returns: the sequence numbers of the kill.
    func kill(_ kill: EncodedArticle) throws -> ClosedRange<UInt64> {
        var place: ClosedRange<UInt64> = 0...0
        _ = try transaction {
            if store.held.count > 0, let standing = try store.held.standing(for: kill) {
                try store.held.remove(standing, .withdrawn)
                try closeIfDone(standing.file)
            }
            try store.killed.note(kill)
            place = try store.log.append(kill: kill.record, topic: kill.topic)
            return []
        }
        return place
    }
}
