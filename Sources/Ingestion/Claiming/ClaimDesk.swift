import Linux
import SQLite

/// Claiming: takes complete files in hand, a batch at a time, from the directories in their order (``TurnOrder``).
final class ClaimDesk {
    /// Files and bytes of one batch, which is one transaction.
    private enum Limit {
        static let files = 500
        static let bytes = 8 << 20
    }

    /// What was taken.
    struct Batch {
        /// Files to read.
        var claims: [Claim] = []
        /// Files whose records are committed already: only their disposal is to be repeated.
        var undisposed: [(directory: DropDirectory, entry: Ledger.Entry)] = []
        /// Rows of files that were read in part, and are not what lies there now.
        var abandoned: [CommitDesk.Subject] = []
        /// The bytes of the files to read.
        var bytes = 0

        var isEmpty: Bool { claims.isEmpty && undisposed.isEmpty }
        fileprivate var hasRoom: Bool { claims.count + undisposed.count < Limit.files && bytes < Limit.bytes }
    }

    private let store: IntakeStore
    private let onPoint: ((IntakePoint) throws -> Void)?
    private var order = TurnOrder(files: Limit.files)

    init(_ store: IntakeStore, onPoint: ((IntakePoint) throws -> Void)?) {
        self.store = store
        self.onPoint = onPoint
    }

    /// Takes a batch in hand.
    ///
    /// - Throws: what the store throws: then nothing is in hand.
    func takeBatch(from directories: [DropDirectory], now: Readiness.Moment) throws -> Batch {
        let ready = directories.filter { $0.hasNext(now: now) }
        var batch = Batch()
        guard !ready.isEmpty else { return batch }
        // The ledger is asked for every file: in one read transaction that costs no locks a file.
        do {
            try store.connection.snapshot { try fill(&batch, from: ready, now: now) }
        } catch let error as SQLiteError {
            for claim in batch.claims { claim.directory.giveBack(claim.path, now: now) }
            for (directory, entry) in batch.undisposed { directory.giveBack(entry.path, now: now) }
            throw error
        }
        return batch
    }

    /// The priority of the directories from which the next batch is; nil where no file is complete.
    func priority(of directories: [DropDirectory], now: Readiness.Moment) -> Int? {
        directories.lazy.filter { $0.hasNext(now: now) }.map(\.configuration.priority).max()
    }

    private func fill(_ batch: inout Batch, from ready: [DropDirectory], now: Readiness.Moment) throws {
        for turn in order.next(ready.map(\.configuration.priority)) {
            let directory = ready[turn.index]
            var taken = 0
            while taken < turn.share, batch.hasRoom, let reader = directory.reader,
                let next = directory.takeNext(now: now)
            {
                taken += 1
                try onPoint?(.afterClaim)
                let known: Ledger.Entry?
                do {
                    known = try row(of: next.path, next.identity, in: directory)
                } catch {
                    directory.giveBack(next.path, now: now)
                    throw error
                }
                let isSame = known?.identity == next.identity
                if isSame, let known, known.state != .open {
                    batch.undisposed.append((directory, known))
                    continue
                }
                let claim = Claim(directory: directory, reader: reader, next: next, open: isSame ? known : nil)
                if !isSame, let known {
                    batch.abandoned.append(.init(directory: directory, reader: reader, entry: known))
                }
                batch.bytes += Int(next.identity.size)
                batch.claims.append(claim)
            }
        }
    }

    /// Returns the row that says what is done already about a file, or what was of another file of its name; nil where
    /// there is nothing to know.
    private func row(
        of path: RelativePath, _ identity: FileIdentity, in directory: DropDirectory
    ) throws -> Ledger.Entry? {
        let ledger = store.ledger
        // A row whose file was disposed of stands for nothing, also while that is not written down yet. Mostly there is
        // none at all.
        guard ledger.openCount > ledger.disposed.count, let known = try ledger.current(directory.id, path),
            !ledger.disposed.contains(known.id)
        else { return nil }
        if known.identity == identity || known.state == .open { return known }
        // Another file has taken the name since.
        ledger.noteDurable([known.id])
        return nil
    }
}
