import Glibc
import Linux
import Synchronization

/// Writes log lines: a constant sentence, and the data in keys.
///
/// Under the journal a line is an entry with fields, where `configure` was told how to send one. Else it goes to standard
/// error: with its syslog priority (`<4>`) where that is read, elsewhere with time and level. One line is one write(2), so
/// lines of several threads and processes do not mix. No sentence is written more often than ``LogRate`` says.
///
/// A key's value is a name, a number or a reason; never an article's text, and nothing secret.
package struct Logger: Sendable {
    /// How much a line matters, with the numbers of syslog(3).
    package enum Level: Int, Sendable, Comparable, CaseIterable {
        case error = 3, warning = 4, notice = 5, info = 6, debug = 7

        package static func < (left: Level, right: Level) -> Bool { left.rawValue > right.rawValue }

        var name: String { "\(self)" }
    }

    /// The form of the lines of this process.
    package enum Form: Sendable { case plain, journal }

    /// Sends an entry to the journal, without waiting; false where that cannot be.
    package typealias Send = @Sendable (_ fields: [(name: String, value: String)]) -> Bool

    private struct Shared {
        var form = Form.plain
        var send: Send?
        var rate = LogRate()
    }

    private static let threshold = Atomic<Int>(Level.info.rawValue)
    /// Lines were left out that nobody was told of.
    private static let hasLeftOut = Atomic<Bool>(false)
    private static let shared = Mutex(Shared())
    /// What speaks, for example `intake`.
    let label: String

    /// Makes a logger that speaks for `label`.
    package init(label: String) { self.label = label }

    /// Sets the least level that is written, and where and how; for the whole process.
    package static func configure(level: Level, form: Form, send: Send? = nil) {
        threshold.store(level.rawValue, ordering: .relaxed)
        shared.withLock {
            $0.form = form
            $0.send = send
        }
    }

    /// Writes something that must be repaired.
    package func error(
        _ message: LogMessage, _ keys: KeyValuePairs<LogKey, String> = [:], file: StaticString = #fileID,
        line: UInt = #line, function: StaticString = #function
    ) {
        log(.error, message, keys, LogEntry.Place(file: file, line: line, function: function))
    }

    /// Writes something that somebody should look at.
    package func warning(
        _ message: LogMessage, _ keys: KeyValuePairs<LogKey, String> = [:], file: StaticString = #fileID,
        line: UInt = #line, function: StaticString = #function
    ) {
        log(.warning, message, keys, LogEntry.Place(file: file, line: line, function: function))
    }

    /// Writes something unusual that needs nobody.
    package func notice(
        _ message: LogMessage, _ keys: KeyValuePairs<LogKey, String> = [:], file: StaticString = #fileID,
        line: UInt = #line, function: StaticString = #function
    ) {
        log(.notice, message, keys, LogEntry.Place(file: file, line: line, function: function))
    }

    /// Writes a step of the process's life.
    package func info(
        _ message: LogMessage, _ keys: KeyValuePairs<LogKey, String> = [:], file: StaticString = #fileID,
        line: UInt = #line, function: StaticString = #function
    ) {
        log(.info, message, keys, LogEntry.Place(file: file, line: line, function: function))
    }

    /// Writes what only a developer wants, however often it comes.
    package func debug(
        _ message: LogMessage, _ keys: @autoclosure () -> KeyValuePairs<LogKey, String> = [:],
        file: StaticString = #fileID, line: UInt = #line, function: StaticString = #function
    ) {
        guard Logger.threshold.load(ordering: .relaxed) >= Level.debug.rawValue else { return }
        log(.debug, message, keys(), LogEntry.Place(file: file, line: line, function: function))
    }

    /// Tells how many lines were left out, of sentences that could be written again.
    ///
    /// Called now and then by a process that may have nothing else to write, and at its end.
    package static func tellLeftOut() {
        guard hasLeftOut.load(ordering: .relaxed) else { return }
        let due = shared.withLock { shared in
            let due = shared.rate.takeLeftOut(now: .now)
            hasLeftOut.store(shared.rate.hasLeftOut, ordering: .relaxed)
            return due
        }
        let logger = Logger(label: "log")
        for (sentence, count) in due { logger.writeLeftOut(count, of: sentence) }
    }

    private func log(
        _ level: Level, _ message: LogMessage, _ keys: KeyValuePairs<LogKey, String>, _ place: LogEntry.Place
    ) {
        guard level.rawValue <= Logger.threshold.load(ordering: .relaxed) else { return }
        if level != .debug {
            let sentence = message.text.description
            switch Logger.shared.withLock({ $0.rate.judge(sentence, now: .now) }) {
            case .leftOut: return Logger.hasLeftOut.store(true, ordering: .relaxed)
            case .written(leftOut: 0): break
            case .written(let count): writeLeftOut(count, of: sentence)
            }
        }
        Logger.write(LogEntry(level: level, label: label, message: message, keys: keys, place: place))
    }

    private func writeLeftOut(_ count: Int, of sentence: String) {
        Logger.write(
            LogEntry(
                level: .warning, label: label, message: .linesLeftOut, keys: [.count: "\(count)", .sentence: sentence],
                place: LogEntry.Place(file: #fileID, line: #line, function: #function)))
    }

    private static func write(_ entry: LogEntry) {
        let (form, send) = shared.withLock { ($0.form, $0.send) }
        if let send, send(entry.fields) { return }
        var line = entry.line(form)
        line.withUTF8 { bytes in
            if form == .journal {
                // A journal that stands still must not make the process stand still.
                let sent = Glibc.send(2, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
                if sent >= 0 || errno != ENOTSOCK { return }
            }
            _ = Glibc.write(2, bytes.baseAddress, bytes.count)
        }
    }
}
