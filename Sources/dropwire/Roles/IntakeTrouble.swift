import Ingestion
import Messaging
import SQLite

/// What of the intake's errors a client of the watcher's admin socket may try again.
enum IntakeTrouble {
    /// Runs what an answer needs of the intake.
    ///
    /// - Throws: ``WireError`` (503) where the store takes nothing now, or the intake does not come to it in time; any other
    ///   error as it is.
    static func told<Answer>(_ body: () throws -> Answer) throws -> Answer {
        do {
            return try body()
        } catch let error as SQLiteError where error.isPassing {
            throw WireError(
                .unavailable, error.isDiskFull ? "DISK_FULL" : "UNAVAILABLE", "the log takes nothing now: \(error)",
                retryMilliseconds: 5000)
        } catch let error as Intake.NotAnswered {
            throw WireError(.unavailable, "UNAVAILABLE", "\(error)", retryMilliseconds: 1000)
        }
    }
}
