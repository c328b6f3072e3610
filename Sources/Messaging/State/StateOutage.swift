import Glibc
package import Linux
package import SQLite
import Telemetry

/// Whether a worker's state takes what it would write. A full or failing disk and a foreign lock pass: meanwhile the worker
/// waits, and what else its process serves goes on.
///
/// It does not close or open anything: who meets an error closes its connection, since what it has in memory may be ahead
/// of what is committed, and opens it anew when the outage is over.
package struct StateOutage {
    /// Why nothing is written, in a sentence; nil where nothing is.
    package private(set) var trouble: String?
    private let directory: String
    private let logger: Logger
    /// What was tried last failed at this time.
    private var lastFailure: ContinuousClock.Instant?
    private var failures = 0
    private var until = ContinuousClock.now
    /// What works for so long has come through.
    private static let probation = Duration.seconds(5)
    /// Room is looked for so often.
    private static let lookInterval = Duration.seconds(1)

    /// Makes it for the database at a path; there is no outage as far as is known.
    ///
    /// - Parameter label: who tells of it in the log.
    package init(path: String, label: String) {
        directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        logger = Logger(label: label)
    }

    /// Notes that the state could not be used; only what ``SQLiteError/isPassing`` is an outage.
    package mutating func begin(_ error: SQLiteError) {
        if let lastFailure, ContinuousClock.now - lastFailure > .seconds(60) { failures = 0 }
        failures += 1
        lastFailure = .now
        until = .now + Backoff.delay(failures: failures)
        tell("\(error)")
    }

    /// Returns whether there is no outage, or none any more: then something may be taken in hand.
    ///
    /// Some room is left for what is in flight: with less, nothing new is begun.
    package mutating func isOver() -> Bool {
        guard until <= .now else { return false }
        if let space = try? FileSystemSpace(path: directory), space.available < space.reserve {
            tell("the file system of '\(directory)' has less than \(space.reserve >> 10) KiB free")
            until = .now + StateOutage.lookInterval
            return false
        }
        guard trouble != nil, lastFailure.map({ ContinuousClock.now - $0 > StateOutage.probation }) ?? true else {
            return true
        }
        trouble = nil
        logger.notice("The state is written again.")
        return true
    }

    /// How long until ``isOver()`` may say something else than before; zero where there is no outage.
    package var untilDue: Duration { max(.zero, until - .now) }

    /// Waits until there is no outage any more, or `isWanted` is false after the bell has rung.
    package mutating func wait(bell: WakeUp, isWanted: () -> Bool) {
        while isWanted(), !isOver() {
            _ = Poll.readable([bell.descriptor], timeout: untilDue)
            bell.silence()
        }
    }

    private mutating func tell(_ reason: String) {
        if trouble != reason { logger.error(.stateNotWritten, [.reason: reason]) }
        trouble = reason
    }
}
