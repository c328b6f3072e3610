import Linux

/// Decides when a file is complete: a pure state machine, event in, moment out. It does no I/O and has no clock.
///
/// The scan is the truth: what a look at the file shows counts, whatever events said. Events only shorten or lengthen the
/// wait: a rename-in is complete at once; a close needs a moment of quiet, since one close proves nothing (`>>` loops,
/// resumed uploads); a write without a close waits long; without any event the file must be unchanged for a while.
struct Readiness: Sendable, Equatable {
    /// The waits of a drop directory.
    struct Rules: Sendable, Equatable {
        var quiet: Duration
        /// Where no event told anything.
        var settle: Duration
        /// Where events were lost that may have told something.
        var polling: Duration
        var openFile: Duration
    }

    /// A moment, as time since some start that never jumps.
    typealias Moment = Duration

    /// What an event of the file system said.
    enum Event: Sendable, CaseIterable {
        case movedIn, closed, created, modified
    }

    private enum Evidence: Sendable, Equatable {
        /// Nothing but looks.
        case none
        case movedIn
        case closed
        /// Somebody writes.
        case open
        /// Somebody wrote, and what became of it was lost.
        case lost
    }

    private(set) var identity: FileIdentity
    private var changed: Int64
    private var evidence = Evidence.none
    /// Since when nothing has changed.
    private var since: Moment

    /// Begins with the first look at a file.
    ///
    /// - Parameters:
    ///   - age: how long ago the kernel noted the last change of content or metadata (ctime), by the wall clock; a file
    ///     found at start that has not changed for long is complete at once. Zero where the clocks cannot be compared.
    init(_ status: FileStatus, age: Duration, now: Moment) {
        identity = FileIdentity(status)
        changed = status.changed
        since = now - max(.zero, age)
    }

    /// Takes in a later look.
    mutating func look(_ status: FileStatus, now: Moment) {
        let seen = FileIdentity(status)
        guard seen != identity || status.changed != changed else { return }
        // What was said of other content counts no more; a change that no event told of is judged by looks alone. A changed
        // owner or link count moves ctime alone: that is no sign of a writer, but the time starts again.
        if seen.inode != identity.inode {
            evidence = .none
        } else if seen != identity, evidence != .open, evidence != .lost {
            evidence = .none
        }
        identity = seen
        changed = status.changed
        since = now
    }

    /// Takes in an event, together with the look that followed it.
    mutating func note(_ event: Event, _ status: FileStatus, now: Moment) {
        look(status, now: now)
        switch event {
        case .movedIn: evidence = .movedIn
        case .closed:
            evidence = .closed
            since = now
        case .modified:
            evidence = .open
            since = now
        case .created:
            // A hard link, or a file that was written elsewhere and linked in, will never be closed here.
            let isLinked = status.links > 1 || status.size > 0 && status.changed - status.modified > 1_000_000_000
            evidence = isLinked ? .none : .open
            since = now
        }
    }

    /// Events were lost, a close perhaps among them.
    mutating func eventsWereLost(now: Moment) {
        guard evidence == .open else { return }
        evidence = .lost
        since = now
    }

    /// Somebody writes to the file. Only this must not be forgotten: whatever else was told of a file, to settle by time
    /// is as safe.
    var isOpen: Bool { evidence == .open }

    /// Events may have told something of the file, and it was forgotten for want of room.
    mutating func evidenceWasForgotten() {
        if evidence == .none { evidence = .lost }
    }

    /// Starts the wait again, with the time rule alone: the file looked truncated, or changed while it was read.
    mutating func settleAgain(now: Moment) {
        evidence = .none
        since = now
    }

    /// The moment from which the file counts as complete, if nothing changes until then.
    func settled(by rules: Rules) -> Moment {
        switch evidence {
        case .movedIn: since
        case .closed: since + rules.quiet
        case .none: since + rules.settle
        case .lost: since + rules.polling
        case .open: since + rules.openFile
        }
    }
}
