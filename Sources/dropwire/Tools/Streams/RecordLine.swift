import Articles
import Messaging

/// A record as a line: its own bytes, or what a person wants to see of it.
enum RecordLine {
    /// Returns the line without its end.
    static func bytes(_ position: Position, _ bytes: [UInt8], isJSON: Bool) -> [UInt8] {
        isJSON ? bytes : Array(text(position, bytes).utf8)
    }

    private static func text(_ position: Position, _ bytes: [UInt8]) -> String {
        let record = JSONText.read(bytes)
        func text(_ name: String) -> String { JSONText.terminalSafe(record[name]?.stringValue ?? "") }
        let time = Timestamp(milliseconds: position.timeMilliseconds).description
        switch record["type"]?.stringValue {
        case "article": return "\(position.seq)  \(time)  \(text("source"))  \(text("language"))  \(text("title"))"
        case "file":
            let message = text("message").isEmpty ? "" : "  \(text("message"))"
            return "\(position.seq)  \(time)  \(text("source"))  \(text("outcome"))  \(text("path"))\(message)"
        case "result":
            return
                "\(position.seq)  \(time)  \(text("kind"))  \(text("status"))  article \(record["seq"]?.integerValue ?? 0)"
        case "match": return "\(position.seq)  \(time)  \(text("name"))  article \(text("id"))"
        case "gone":
            let what = text("uri").isEmpty ? text("id") : "\(text("uri")) of \(text("source"))"
            return "\(position.seq)  \(time)  gone  \(what)  \(text("reason"))"
        default: return "\(position.seq)  \(time)  \(text("type"))"
        }
    }
}
