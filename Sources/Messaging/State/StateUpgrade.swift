import Linux
import SQLite
import Synchronization
import Telemetry

/// The work by which state of an earlier version becomes that of this one, told to whoever waits for the process.
///
/// A new index on a large store takes minutes, in which the process is not ready. It says so as long as SQLite does
/// work, not by a clock beside it: what hangs is not waited for.
package enum StateUpgrade {
    /// A function in a mutex is wrapped anew at every look; in a structure it is not.
    private struct Observer: Sendable {
        let tell: @Sendable (String) -> Void
    }

    private static let observer = Mutex<Observer?>(nil)
    /// So often it is told that the work goes on.
    package static let pulse = Duration.seconds(5)
    /// So often the log has a line of it.
    private static let lineInterval = Duration.seconds(60)
    private static let logger = Logger(label: "state")

    /// Sets what is called at the beginning of such work, and again and again while it goes on, with a line on what is done.
    package static func observe(_ body: @escaping @Sendable (String) -> Void) {
        observer.withLock { $0 = Observer(tell: body) }
    }

    /// Runs such work on a connection.
    static func run<Result>(
        _ name: String, of connection: Connection, from version: Int64, to known: Int64, _ body: () throws -> Result
    ) throws -> Result {
        let begin = ContinuousClock.now
        let observer = observer.withLock { $0 }
        let path = connection.path
        var line = begin + lineInterval
        func tell() {
            let seconds = (ContinuousClock.now - begin).components.seconds
            observer?.tell("Upgrading \(name) from version \(version) to \(known), for \(seconds) s")
            guard ContinuousClock.now >= line else { return }
            line += lineInterval
            logger.notice("State of an earlier version is still being upgraded.", [.path: path])
        }
        logger.notice(
            "State of an earlier version is upgraded.", [.path: path, .from: "\(version)", .to: "\(known)"])
        tell()
        let result = try connection.withPulse(every: pulse, tell, body)
        let milliseconds = (ContinuousClock.now - begin).wholeMilliseconds
        logger.notice("The upgrade is done.", [.path: path, .milliseconds: "\(milliseconds)"])
        return result
    }
}
