import Linux

/// Decides when a file is complete: a pure state machine, event in, moment out. It does no I/O and has no clock.
///
/// The scan is the truth: what a look at the file shows counts, whatever events said. Events only shorten or lengthen the
/// wait: a rename-in is complete at once; a close needs a moment of quiet, since one close proves nothing (`>>` loops,
/// resumed uploads); a write without a close waits long; without any event the file must be unchanged for a while.
///
/// What lies beside a file counts for more. A marker says that its file is complete: at once where the file has not changed
/// since the marker was made, else as soon as it settles. A checksum lets it be tried at once, since the content then tells
/// whether it is whole. Every sidecar must itself be complete, by the same rules.
struct Readiness: Sendable, Equatable {
    /// The waits of a drop directory.
    struct Rules: Sendable, Equatable {
        var quiet: Duration
        /// Where no event told anything.
        var settle: Duration
        /// Where events were lost that may have told something.
        var polling: Duration
        var openFile: Duration
        /// Nothing is complete without a marker.
        var needsMarker = false
        /// Nothing is complete without a checksum.
        var needsChecksum = false
    }

    /// A moment, as time since some start that never jumps.
    typealias Moment = Duration

    /// The moment from which a file is complete that waits for something to come.
    static let never = Moment.seconds(1 << 40)

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
        /// It was read, and found incomplete or changing: nothing is taken on the word of others.
        case again
        /// It was read, and is not what its checksum says.
        case doubted
    }

    private(set) var identity: FileIdentity
    private(set) var changed: Int64
    private var evidence = Evidence.none
    /// Its content was not what its checksum says: no checksum makes this file come sooner any more.
    private var isDoubted = false
    /// Somebody dropped it by hand: no marker and no checksum need come.
    private var isWaived = false
    /// Since when nothing has changed.
    private(set) var since: Moment
    /// What lies beside it.
    private(set) var company: Company?

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
            isDoubted = false
            isWaived = false
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
        evidence = .again
        since = now
    }

    /// Starts the long wait: the content is not what its checksum says, so that one of the two is not complete.
    mutating func doubt(now: Moment) {
        evidence = .doubted
        isDoubted = true
        since = now
    }

    /// The moment from which the file counts as complete, if nothing changes until then; ``never`` where something must come
    /// first.
    func settled(by rules: Rules) -> Moment {
        let needs = (marker: rules.needsMarker && !isWaived, checksum: rules.needsChecksum && !isWaived)
        guard let company = company?.values else {
            return needs.marker || needs.checksum ? Readiness.never : alone(rules)
        }
        var due = alone(rules)
        let isTrusted = evidence != .again && !isDoubted
        if let marker = company.marker {
            if isTrusted, marker.changed >= changed { due = marker.announced(rules) }
        } else if needs.marker {
            return Readiness.never
        }
        var hasChecksum = false
        var complete = Moment.zero
        for sidecar in company.sidecars {
            complete = max(complete, settled(sidecar, by: rules))
            if case .checksum = sidecar.kind { hasChecksum = true }
        }
        if hasChecksum {
            if isTrusted { due = min(due, since + rules.quiet) }
        } else if needs.checksum {
            return Readiness.never
        }
        return max(due, complete, company.notBefore ?? .zero)
    }

    private func settled(_ sidecar: Company.Sidecar, by rules: Rules) -> Moment {
        // The marker stands for all that was there when it was made.
        if let marker = company?.values.marker, marker.changed >= sidecar.readiness.changed {
            return marker.announced(rules)
        }
        return sidecar.readiness.alone(rules)
    }

    private func alone(_ rules: Rules) -> Moment {
        switch evidence {
        case .movedIn: since
        case .closed: since + rules.quiet
        case .none, .again: since + rules.settle
        case .lost, .doubted: since + rules.polling
        case .open: since + rules.openFile
        }
    }

    /// The moment from which a marker counts: it has nothing to be waited for, but is made in two steps.
    private func announced(_ rules: Rules) -> Moment {
        evidence == .movedIn || evidence == .closed ? since : since + rules.quiet
    }

    // MARK: Companions

    /// Takes in what is known of a marker that stands for the file; of several the last counts.
    mutating func look(marker: Readiness) {
        company = Company.changing(company) { values in
            if let known = values.marker, known.identity.inode != marker.identity.inode, known.changed > marker.changed
            {
                return
            }
            values.marker = marker
        }
    }

    /// There is no marker any more.
    mutating func forgetMarker() { company = Company.changing(company) { $0.marker = nil } }

    /// Takes in what is known of a sidecar; nil where there is none.
    mutating func look(_ kind: Companion.Kind, _ sidecar: Readiness?) {
        let before = company
        company = Company.changing(company) { values in
            let index = values.sidecars.firstIndex { $0.kind == kind }
            guard let sidecar else {
                if let index { values.sidecars.remove(at: index) }
                return
            }
            if let index {
                values.sidecars[index].readiness = sidecar
            } else {
                values.sidecars.append(Company.Sidecar(kind: kind, readiness: sidecar))
            }
        }
        // Another checksum may be the right one.
        if isDoubted, before?.identities != company?.identities {
            isDoubted = false
            if evidence == .doubted { evidence = .none }
        }
    }

    /// What tells one state of its sidecars from another.
    var sidecars: [FileIdentity] { company?.identities ?? [] }

    /// What is known of a sidecar.
    func sidecar(_ kind: Companion.Kind) -> Readiness? {
        company?.values.sidecars.first { $0.kind == kind }?.readiness
    }

    /// What is known of the marker that is this file.
    func marker(_ status: FileStatus) -> Readiness? {
        guard let marker = company?.values.marker, marker.identity.inode == status.inode else { return nil }
        return marker
    }

    /// No marker and no checksum need come.
    mutating func waive() { isWaived = true }

    /// It is not complete before a moment.
    mutating func wait(until moment: Moment?) { company = Company.changing(company) { $0.notBefore = moment } }
}
