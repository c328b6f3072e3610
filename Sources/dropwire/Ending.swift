import Linux
import Messaging
import SQLite
import Systemd
import TOML
import Telemetry

/// What is said, and returned, where a command ends by an error.
enum Ending {
    /// Problems of one configuration that are told one by one.
    private static let mostProblems = 20

    /// Says what went wrong: as entries of the journal that it can explain, or as lines for whoever typed the command.
    ///
    /// - Returns: the exit code.
    static func tell(of error: any Error, _ command: String) -> Int32 {
        let (message, code) = judge(error)
        guard Journal.isStandardError else {
            // Problems of a file name it; they stand for themselves.
            Output.error(error is TOMLError ? "\(error)" : "dropwire \(command): \(error)")
            return code
        }
        let problems = (error as? TOMLError)?.problems.prefix(mostProblems).map(\.description) ?? ["\(error)"]
        let logger = Logger(label: command)
        for problem in problems { logger.error(message, [.error: problem]) }
        Logger.tellLeftOut()
        return code
    }

    private static func judge(_ error: any Error) -> (LogMessage, Int32) {
        switch error {
        case is TOMLError, is ConfigurationError: (.configurationWrong, ExitCode.configuration)
        case is StateLock.InUse: (.stateInUse, ExitCode.failed)
        // Another start would meet the same.
        case is NewerState: (.stateTooNew, ExitCode.configuration)
        case LogError.damaged: (.databaseDamaged, ExitCode.failed)
        case let error as SQLiteError where error.isCorrupt: (.databaseDamaged, ExitCode.failed)
        case let error as SQLiteError where error.isDiskFull: (.diskFullAtEnd, ExitCode.failed)
        case let error as SystemError where error.isOfFullDisk: (.diskFullAtEnd, ExitCode.failed)
        default: (.processFailed, ExitCode.failed)
        }
    }
}

/// The exit codes of sysexits.h that the program uses.
enum ExitCode {
    /// Done, or drained.
    static let done: Int32 = 0
    static let failed: Int32 = 1
    /// EX_USAGE
    static let usage: Int32 = 64
    /// EX_CONFIG
    static let configuration: Int32 = 78
}

/// A problem of the configuration as a whole, beyond what a place in the file can show.
struct ConfigurationError: Error, CustomStringConvertible {
    let description: String
}
