/// Decides how a batch is handed to who applies it: as a whole first; after a failure record by record, so that one bad
/// article fails alone.
///
/// Which failures are the record's own, and which those of a store that is away, nobody says. So the last attempt is made
/// only right after a commit of nothing but a checkpoint has worked: what fails then, alone, is passed by.
struct BatchPlan {
    /// What is handed over next.
    struct Step {
        var records: [Record]
        var cursor: Cursor
        /// The record that is passed by with this step, and why.
        var dead: (position: Position, reason: String)?
    }

    /// What the last run of the process had in hand when it ended uncleanly.
    struct Suspect {
        /// The last record of it.
        var seq: UInt64
        /// How often the process ended with it.
        var crashes: Int
    }

    private let records: [Record]
    private let end: Cursor
    private let maximumAttempts: Int
    private let suspect: Suspect?
    private var index = 0
    private var isOpen = true
    /// So many of the next records are handed over one by one.
    private var singles = 0
    /// How often the record at ``index`` failed by itself.
    private var attempts = 0
    /// The store has just worked, since the record at ``index`` failed.
    private var isProven = false
    private var reason = ""
    /// Failures since something worked.
    private(set) var failures = 0

    init(_ records: [Record], upTo end: Cursor, maximumAttempts: Int, suspect: Suspect? = nil) {
        self.records = records
        self.end = end
        self.maximumAttempts = maximumAttempts
        self.suspect = suspect
        if let suspect { singles = records.prefix { $0.position.seq <= suspect.seq }.count }
        begin()
    }

    /// The next step; nil where all is applied.
    var step: Step? {
        guard isOpen else { return nil }
        guard singles > 0 else { return Step(records: Array(records[index...]), cursor: end) }
        let position = records[index].position
        let cursor = index == records.count - 1 ? end : position.cursor
        if attempts >= maximumAttempts { return Step(records: [], cursor: cursor, dead: (position, reason)) }
        return isProbing
            ? Step(records: [], cursor: Cursor(before: position)) : Step(records: [records[index]], cursor: cursor)
    }

    /// The next step only finds out whether the store works.
    private var isProbing: Bool { singles > 0 && attempts == maximumAttempts - 1 && failures > 0 && !isProven }

    /// The step is committed.
    mutating func succeed() {
        if isProbing {
            isProven = true
            return
        }
        failures = 0
        if singles > 0 {
            singles -= 1
            index += 1
            begin()
        } else {
            index = records.count
        }
        isOpen = index < records.count
    }

    /// The step failed, and left nothing.
    mutating func fail(_ reason: String) {
        failures += 1
        if singles == 0 {
            singles = records.count - index
            attempts = singles == 1 ? min(1, maximumAttempts - 1) : 0
            self.reason = reason
        } else if isProbing || attempts >= maximumAttempts {
            // Not even a checkpoint could be saved: it is not the record's fault.
            attempts = 0
            isProven = false
        } else {
            attempts += 1
            self.reason = reason
        }
    }

    private mutating func begin() {
        attempts = 0
        isProven = false
        guard let suspect, index < records.count, records[index].position.seq == suspect.seq else { return }
        attempts = suspect.crashes
        reason = "the worker died \(suspect.crashes) time\(suspect.crashes == 1 ? "" : "s") on it"
    }
}
