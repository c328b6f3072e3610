import Messaging

/// A heartbeat as the line that `systemctl status` shows: `1204 done, 17 wait, 2 failed; the log is away`.
struct StandingLine {
    let text: String

    /// What the numbers are called, in the order of the line; the first ones are shown also where they are 0.
    private static let words: [(number: String, word: String, isAlways: Bool)] = [
        ("articles", "articles since the start", true), ("results", "results", true), ("done", "done", true),
        ("waiting", "files wait", true), ("in_hand", "in hand", false), ("settling", "settle", false),
        ("held", "held", false), ("in_quarantine", "in quarantine", false), ("blocked", "blocked", false),
        ("paused", "paused", false), ("failed", "failed", false), ("retrying", "tried again", false),
        ("dead", "dead", false), ("outbox", "results wait for the status service", false),
    ]

    init(_ heartbeat: Heartbeat) {
        var parts = StandingLine.words.compactMap { number, word, isAlways -> String? in
            guard let count = heartbeat.numbers[number], isAlways || count > 0 else { return nil }
            return "\(count) \(word)"
        }
        // A watcher reads no log: what waits for it are files.
        if heartbeat.kind != "watch" { parts.append("\(heartbeat.lag) behind") }
        if let state = heartbeat.state { parts.insert(state, at: 0) }
        let trouble = heartbeat.troubles.first.map { "; \($0)" } ?? ""
        // systemctl shows one line of it.
        text = String((parts.joined(separator: ", ") + trouble).prefix(300))
    }
}
