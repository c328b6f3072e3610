import Articles
import Messaging

/// What came of a ``QuarantineChange``.
struct QuarantineOutcome: Sendable {
    /// Those that were dropped again, or discarded.
    var done: [String] = []
    /// Those that are not there.
    var missing: [String] = []
    /// Those for which it failed, each with the reason.
    var failed: [String] = []
    /// There are more than one request takes.
    var hasMore = false

    /// Takes in a watcher's answer.
    mutating func add(_ reply: JSONValue, _ action: QuarantineChange.Action) {
        func texts(_ name: String) -> [String] { (reply[name]?.arrayValue ?? []).compactMap(\.stringValue) }
        done += texts(action == .retry ? "retried" : "discarded")
        missing += texts("missing")
        failed += texts("failed")
    }

    var json: [UInt8] {
        Reply { writer in
            writer.field("count", done.count)
            for (name, texts) in [("done" as StaticString, done), ("missing", missing), ("failed", failed)] {
                writer.array(name, texts) { $0.string($1) }
            }
            writer.field("more", hasMore)
        }.json
    }
}
