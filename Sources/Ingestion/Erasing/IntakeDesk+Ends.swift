import Articles
import Linux
import Telemetry

/// Articles whose time is over: they are erased, a few at a time between other work.
extension IntakeDesk {
    /// How long the clock is not looked at while some article has an end: it may be set meanwhile.
    private static let longestWait = Duration.seconds(1)
    /// So many are erased at once.
    private static let batch = 200

    /// How long until the clock is to be looked at; nil where no article has an end.
    var untilEnd: Duration? {
        store.due.next.map { next in
            // A time may be further away than a sum can have.
            let wall = wallClock()
            return next <= wall ? .zero : min(IntakeDesk.longestWait, .milliseconds(min(next, wall + 1000) - wall))
        }
    }

    /// Erases a batch of what is over; returns whether there was any and the store took it.
    func eraseDue() throws -> Bool {
        guard let next = store.due.next, next <= wallClock() else { return false }
        if store.trouble != nil, store.troubleUntil > now { return false }
        collect()
        var due: [DueErasures.Due] = []
        let isErased = try commit {
            due = try store.due.due(at: wallClock(), limit: IntakeDesk.batch)
            guard let cause = due.first?.cause else { return }
            var entry = ErasureEntry(
                time: Timestamp(milliseconds: wallClock()), cause: cause,
                reason: cause == .expires ? "expired" : "retention")
            entry.ids = due.map(\.id)
            _ = try book.append(entry)
            try commits.eraseDue(due, entry, place: book.applied)
        }
        guard isErased, let cause = due.first?.cause else { return false }
        try showReplaced()
        store.scrubLater()
        logger.info("Articles were erased whose time is over.", [.count: "\(due.count)", .reason: cause.rawValue])
        return true
    }
}
