import Articles
import Messaging

/// A quarantined file as its page shows it: what the store knows, and what its watcher says of it now.
struct QuarantinedFile {
    /// Its path below the quarantine, which is its name there: `<path>#<part>` for a part of a file.
    var name: String
    var directory: String?
    var stream: StreamID?
    /// The `file` record; nil where it is a part, or is unknown.
    var record: JSONValue?
    /// The watcher's answer to QUARANTINE show.
    var reason: JSONValue?
    /// A few lines or bytes of the file.
    var excerpt: [UInt8] = []
    /// Why the watcher says nothing of it; nil where it does.
    var problem: String?

    /// Its parts that lie there one by one.
    var parts: [JSONValue] {
        let isWhole = record?["outcome"]?.stringValue == FileOutcome.quarantined.rawValue
        return isWhole ? [] : record?["failed"]?.arrayValue ?? []
    }
}
