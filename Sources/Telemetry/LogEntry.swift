import Glibc
import Linux

/// What one log line says, in both of its forms: a line of text, and the fields of the journal.
struct LogEntry {
    /// The call that writes it.
    struct Place {
        let file: StaticString
        let line: UInt
        let function: StaticString
    }

    let level: Logger.Level
    /// What speaks.
    let label: String
    let message: LogMessage
    let keys: KeyValuePairs<LogKey, String>
    let place: Place

    /// No value has more bytes; what is longer ends with an ellipsis.
    static let longestValue = 2048
    /// No line has more bytes: journald would part it.
    static let longestLine = 16 << 10

    /// The sentence with its data, as a person reads it.
    var text: String {
        var text = label + ": " + message.text.description
        for (key, value) in keys {
            text += " " + key.name + "=" + LogEntry.quoted(LogEntry.cut(value, to: LogEntry.longestValue))
        }
        return LogEntry.cut(text, to: LogEntry.longestLine)
    }

    /// The line under a service manager that reads priorities, or with time and level.
    func line(_ form: Logger.Form) -> String {
        switch form {
        case .journal: "<\(level.rawValue)>" + text + "\n"
        case .plain: LogEntry.timeOfDay() + " " + level.name + " " + text + "\n"
        }
    }

    /// The fields for the journal (systemd.journal-fields(7)); values are as they are, whatever they hold.
    var fields: [(name: String, value: String)] {
        var fields = [
            ("MESSAGE", text), ("PRIORITY", "\(level.rawValue)"), ("SYSLOG_IDENTIFIER", "dropwire"),
            ("CODE_FILE", place.file.description), ("CODE_LINE", "\(place.line)"),
            ("CODE_FUNC", place.function.description), (LogKey.component.field, label),
        ]
        if let id = message.id { fields.append(("MESSAGE_ID", id.description)) }
        for (key, value) in keys { fields.append((key.field, LogEntry.cut(value, to: LogEntry.longestValue))) }
        return fields
    }

    /// A text of so many bytes at most, cut between characters.
    private static func cut(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        let utf8 = text.utf8
        // Room for the ellipsis.
        var end = utf8.index(utf8.startIndex, offsetBy: limit - 3)
        while end > utf8.startIndex, utf8[end] & 0xc0 == 0x80 { end = utf8.index(before: end) }
        return text[..<end] + "…"
    }

    /// Values with white space, quotes or control characters are quoted, so that a hostile name cannot forge a line.
    private static func quoted(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x5c && $0 != 0x7f }
        // What is beyond ASCII may hold the control characters U+0080 to U+009F, and separators of lines.
        if isPlain, value.utf8.allSatisfy({ $0 < 0x80 }) { return value }
        var text = ""
        var isQuoted = !isPlain
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\u{2028}", "\u{2029}", "\u{0}"..<"\u{20}", "\u{7f}"..."\u{9f}":
                text += "\\u{" + String(scalar.value, radix: 16) + "}"
                isQuoted = true
            default: text.unicodeScalars.append(scalar)
            }
        }
        return isQuoted ? "\"" + text + "\"" : text
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
