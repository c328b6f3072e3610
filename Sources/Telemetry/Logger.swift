import Glibc
import Linux
import Synchronization

/// Writes log lines to standard error: a constant sentence, and the data in keys.
///
/// Under the journal a line begins with its syslog priority (`<4>`), elsewhere with time and level. One line is one
/// write(2), so lines of several threads and processes do not mix.
package struct Logger: Sendable {
    /// How much a line matters, with the numbers of syslog(3).
    package enum Level: Int, Sendable, Comparable, CaseIterable {
        case error = 3, warning = 4, notice = 5, info = 6, debug = 7

        package static func < (left: Level, right: Level) -> Bool { left.rawValue > right.rawValue }

        var name: String {
            switch self {
            case .error: "error"
            case .warning: "warning"
            case .notice: "notice"
            case .info: "info"
            case .debug: "debug"
            }
        }
    }

    /// The form of the lines of this process.
    package enum Form: Int, Sendable { case plain = 0, journal = 1 }

    private static let threshold = Atomic<Int>(Level.info.rawValue)
    private static let form = Atomic<Int>(Form.plain.rawValue)
    /// What speaks, for example `intake`.
    let label: String

    /// Makes a logger that speaks for `label`.
    package init(label: String) { self.label = label }

    /// Sets the least level that is written, and the form; for the whole process.
    package static func configure(level: Level, form: Form) {
        threshold.store(level.rawValue, ordering: .relaxed)
        Self.form.store(form.rawValue, ordering: .relaxed)
    }

    /// Writes something that must be repaired.
    package func error(_ message: StaticString, _ keys: KeyValuePairs<String, String> = [:]) {
        log(.error, message, keys)
    }
    /// Writes something that somebody should look at.
    package func warning(_ message: StaticString, _ keys: KeyValuePairs<String, String> = [:]) {
        log(.warning, message, keys)
    }
    /// Writes something unusual that needs nobody.
    package func notice(_ message: StaticString, _ keys: KeyValuePairs<String, String> = [:]) {
        log(.notice, message, keys)
    }
    /// Writes a step of the process's life.
    package func info(_ message: StaticString, _ keys: KeyValuePairs<String, String> = [:]) {
        log(.info, message, keys)
    }
    /// Writes what only a developer wants.
    package func debug(_ message: StaticString, _ keys: @autoclosure () -> KeyValuePairs<String, String> = [:]) {
        guard Logger.threshold.load(ordering: .relaxed) >= Level.debug.rawValue else { return }
        log(.debug, message, keys())
    }

    private func log(_ level: Level, _ message: StaticString, _ keys: KeyValuePairs<String, String>) {
        guard level.rawValue <= Logger.threshold.load(ordering: .relaxed) else { return }
        var line = ""
        if Logger.form.load(ordering: .relaxed) == Form.journal.rawValue {
            line = "<\(level.rawValue)>"
        } else {
            line = Logger.timeOfDay() + " " + level.name + " "
        }
        line += label + ": " + message.description
        for (key, value) in keys { line += " " + key + "=" + Logger.quoted(value) }
        line += "\n"
        line.withUTF8 { bytes in _ = write(2, bytes.baseAddress, bytes.count) }
    }

    /// Values with white space, quotes or control characters are quoted, so that a hostile name cannot forge a line.
    private static func quoted(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x5c && $0 != 0x7f }
        if isPlain { return value }
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            default:
                if scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) {
                    text += "\\u{" + String(scalar.value, radix: 16) + "}"
                } else {
                    text.unicodeScalars.append(scalar)
                }
            }
        }
        return text + "\""
    }

    private static func timeOfDay() -> String {
        let milliseconds = Clocks.wallMilliseconds()
        var seconds = time_t(milliseconds / 1000)
        var fields = tm()
        localtime_r(&seconds, &fields)
        func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let rest = String(String(1000 + milliseconds % 1000).dropFirst())
        return "\(two(fields.tm_hour)):\(two(fields.tm_min)):\(two(fields.tm_sec)).\(rest)"
    }
}
