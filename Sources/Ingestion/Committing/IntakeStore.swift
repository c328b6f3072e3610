import Linux
import Messaging
import SQLite
import Telemetry

/// The watcher's database: the log and the ledger beside it. Its passing troubles pause the whole intake: they are no
/// fault of a file and cost none an attempt.
final class IntakeStore {
    private let database: Database
    private let checkpointer: Checkpointer
    /// The size of the log at which no more files are taken, in bytes.
    private var maximumLogBytes: Int
    private var retention: Duration
    /// What is to stay, however old it is and however large the log.
    private let hold: @Sendable () -> RetentionHold
    /// Why nothing at all is taken; nil where all is well.
    private(set) var trouble: String?
    /// Until when the store is left alone.
    private(set) var troubleUntil: Readiness.Moment = .zero
    private var troubles = 0
    private var nextTrim: Readiness.Moment = .zero
    /// The log is at its size limit: that it takes no file is no reason to let nothing go.
    private var isFull = false
    /// When it is said again that records go before their time.
    private var nextEarlyNotice = Readiness.Moment.zero
    /// When entries of feeds are forgotten that were not met for long.
    private var nextForgetting = Readiness.Moment.zero
    private var ballast: Ballast
    /// What is held in memory may tell what a transaction did that was rolled back.
    private var isStale = false
    /// The disk turned out to be full, and the ballast was given up since this was asked for last.
    private var hasMadeRoom = false
    /// Something was erased, and older states of its pages may stand in the write-ahead log.
    private var needsScrub: Bool
    private let logger = Logger(label: "intake")

    init(_ options: Intake.Options, hold: @escaping @Sendable () -> RetentionHold) throws {
        self.hold = hold
        maximumLogBytes = options.maximumLogBytes
        retention = options.retention
        var ballast = Ballast(directory: options.statePath)
        do {
            database = try Database(path: options.databasePath)
        } catch let error as SQLiteError where error.isPassing {
            // Where there is no room even to look, there may be some now.
            guard ballast.release() else { throw error }
            database = try Database(path: options.databasePath)
        }
        self.ballast = ballast
        checkpointer = try Checkpointer(database.connection)
        // An end of the process may have come before that was done.
        needsScrub = try database.erased.bookPlace().bytes > 0
    }

    /// What stands in the database.
    private struct Database {
        let connection: Connection
        let log: ArticleLog
        let ledger: Ledger
        let book: QuarantineBook
        let held: HeldTable
        let killed: KilledTable
        let erased: ErasedTable
        let due: DueErasures

        init(path: String) throws {
            connection = try Connection(path: path)
            try connection.configure(durability: .full)
            log = try ArticleLog(connection: connection)
            ledger = try Ledger(connection: connection)
            book = try QuarantineBook(connection: connection)
            held = try HeldTable(connection: connection)
            killed = try KilledTable(connection: connection)
            erased = try ErasedTable(connection: connection)
            due = try DueErasures(connection: connection)
        }
    }

    var connection: Connection { database.connection }
    var log: ArticleLog { database.log }
    var ledger: Ledger { database.ledger }
    var book: QuarantineBook { database.book }
    var held: HeldTable { database.held }
    var killed: KilledTable { database.killed }
    var erased: ErasedTable { database.erased }
    var due: DueErasures { database.due }

    // MARK: Trouble

    /// The log is at its size limit.
    private struct LogFull: Error, CustomStringConvertible {
        let bytes: Int
        let limit: Int
        let holders: [String]
        var description: String {
            "the log has \(bytes) bytes, max_log_bytes is \(limit): files stay in their drop directories until there "
                + "is room"
                + (holders.isEmpty ? "" : "; \(holders.joined(separator: ", ")) has yet to read the oldest records")
        }
    }

    /// Runs what needs the store; its passing troubles pause everything. Returns whether it went through.
    @discardableResult
    func attempt(now: Readiness.Moment, _ body: () throws -> Void) throws -> Bool {
        do {
            try refresh()
            try body()
            return true
        } catch let error as SQLiteError where error.isPassing {
            if error.isDiskFull || error.isInputOutput, ballast.release() {
                hasMadeRoom = true
                logger.warning(.ballastGivenUp, [.reason: "\(error)"])
            }
            pause("the state directory cannot be written: \(error)", now: now)
        } catch let error as LogFull {
            isFull = true
            nextTrim = .zero
            pause("\(error)", .logAtLimit, now: now)
        } catch let error as Ballast.NoRoom {
            pause("\(error)", now: now)
        } catch let error as SystemError {
            pause("\(Trouble(error, during: .store))", now: now)
        }
        return false
    }

    /// Whether room was made for what could not be written just now: it may be tried once more.
    func takeRoomMade() -> Bool {
        defer { hasMadeRoom = false }
        return hasMadeRoom
    }

    /// Takes no file for a while.
    ///
    /// - Parameter message: what is logged where the reason is a new one.
    func pause(_ reason: String, _ message: LogMessage = .filesNotTaken, now: Readiness.Moment) {
        if trouble != reason { logger.error(message, [.reason: reason]) }
        trouble = reason
        troubles += 1
        troubleUntil = now + min(.seconds(5), .milliseconds(200 << min(troubles, 5)))
    }

    /// Ends a pause, before the store is tried again.
    ///
    /// - Returns: why there was one; nil where there was none.
    func endPause() -> String? {
        defer {
            trouble = nil
            isFull = false
        }
        return trouble
    }

    /// Notes that the store was used without trouble, after a pause for a reason.
    func resume(_ reason: String?) {
        if reason != nil { logger.notice("Files are taken again.") }
        troubles = 0
    }

    /// Makes log and ledger forget what they did in a transaction that was rolled back: at once, or before anything else is
    /// done with them, where what made it fail keeps the database from being read, too.
    func forgetTransaction(now: Readiness.Moment) throws {
        isStale = true
        try attempt(now: now) {}
    }

    /// Reads anew what is held in memory, where a transaction was rolled back since.
    func refresh() throws {
        guard isStale else { return }
        try log.forgetAppended()
        try ledger.reload()
        try book.recount()
        try held.reload()
        try killed.reload()
        try erased.reload()
        try due.reload()
        isStale = false
    }

    // MARK: Room

    /// Lets what is committed move into the database, while other things are done.
    func checkpoint() { checkpointer.work() }

    /// Lets no older state of what was erased stay on the disk; returns whether that is done, and not still to be tried.
    @discardableResult
    func scrub() throws -> Bool {
        needsScrub = true
        needsScrub = try !checkpointer.empty()
        return !needsScrub
    }

    /// Has that done when there is nothing else to do.
    func scrubLater() { needsScrub = true }

    /// Does so where it is still to be done.
    func scrubIfDue() throws { if needsScrub { try scrub() } }

    /// Throws where the disk is nearly full or the log at its limit: nothing need be read in vain.
    func checkRoom() throws {
        try ballast.checkRoom()
        let used = try log.usedBytes()
        if used >= maximumLogBytes { throw LogFull(bytes: used, limit: maximumLogBytes, holders: hold().holders) }
    }

    /// Sets the size at which the log takes no more, and how long it keeps records.
    func setLimits(maximumLogBytes: Int, retention: Duration) {
        self.maximumLogBytes = maximumLogBytes
        self.retention = retention
        // Both may end a trouble or give room: they are looked at without waiting.
        troubleUntil = .zero
        nextTrim = .zero
    }

    /// How long until old records are to be removed.
    func untilTrim(now: Readiness.Moment) -> Duration { max(.zero, nextTrim - now) }

    /// Removes old records, where that is due, and the oldest ones of a log that is nearly at its size limit, but nothing
    /// that is held: one slice, so that what is dropped meanwhile does not wait for the whole.
    func trimIfDue(now: Readiness.Moment) throws {
        guard nextTrim <= now, trouble == nil || isFull else { return }
        let end = Clocks.wallMilliseconds() - retention.wholeMilliseconds
        try attempt(now: now) {
            let hold = hold().position
            var removed = try log.trim(before: end, notPast: hold)
            if removed == 0, try log.usedBytes() >= maximumLogBytes - maximumLogBytes / 10 {
                removed = try log.trim(before: .max, notPast: hold, limit: 20)
                if removed > 0 { noteEarly(now: now) }
            }
            nextTrim = removed > 0 ? now : now + (isFull ? .seconds(1) : .seconds(60))
            if nextForgetting <= now {
                try ledger.forgetEntries(before: Clocks.wallMilliseconds() - Ledger.entryMemory)
                nextForgetting = now + .seconds(86_400)
            }
        }
    }

    private func noteEarly(now: Readiness.Moment) {
        guard nextEarlyNotice <= now else { return }
        nextEarlyNotice = now + .seconds(3600)
        logger.notice(
            .recordsRemovedEarly,
            [.maxLogBytes: "\(maximumLogBytes)"])
    }

    /// Writes down which files are disposed of, where that is not done yet.
    func flushDisposed(now: Readiness.Moment) throws {
        guard ledger.hasDurable, try !attempt(now: now, commitDisposed) else { return }
        try forgetTransaction(now: now)
    }

    /// Shows that the store takes a transaction again.
    func probe(now: Readiness.Moment) throws -> Bool {
        if try attempt(now: now, commitDisposed) { return true }
        try forgetTransaction(now: now)
        return false
    }

    private func commitDisposed() throws {
        let marked = try connection.transaction(markDisposed)
        ledger.forgetDisposed(marked)
    }

    /// Writes down, inside a transaction, which files are disposed of.
    ///
    /// - Returns: their rows, for ``Ledger/forgetDisposed(_:)`` when the transaction is committed.
    func markDisposed() throws -> [Int64] {
        let marked = try ledger.markDisposed()
        try book.forgetReasons(of: marked)
        return marked
    }

    /// Sets the size at which SQLite itself finds the disk full, in pages.
    func limitPages(_ count: Int) throws { _ = try connection.scalar("PRAGMA max_page_count=\(count)") }
}
