/// Which of several watchers is meant: by `NAME`, or `NAME@HOST` where several have the name.
package struct WatcherChoice: Error, CustomStringConvertible {
    /// Why no watcher was chosen.
    package enum Reason: Sendable {
        /// None has told where it is.
        case absent
        /// There is none that is meant.
        case unknown
        /// There are several that may be meant.
        case ambiguous
    }

    package let reason: Reason
    package let description: String

    /// Finds the one watcher that is meant.
    ///
    /// - Parameters:
    ///   - name: what it is called; nil where there is one only.
    ///   - stream: that of its log, where that is known.
    ///   - directory: one of its drop directories, where that is known.
    /// - Throws: itself, where there is none or more than one.
    package static func watcher(
        _ name: String?, stream: StreamID? = nil, directory: String? = nil, among heartbeats: [Heartbeat]
    ) throws(WatcherChoice) -> ServedStreams.Entry {
        let all = heartbeats.filter { $0.kind == "watch" }
        let known = all.map { "\($0.name)@\($0.host)" }.sorted().joined(separator: ", ")
        var meant = all
        if let name { meant = meant.filter { $0.name == name || "\($0.name)@\($0.host)" == name } }
        if let stream, meant.contains(where: { $0.serves(stream) }) { meant = meant.filter { $0.serves(stream) } }
        if let directory, meant.count > 1 {
            meant = meant.filter { $0.directories?.listed.contains { $0.path == directory } ?? false }
        }
        guard let first = meant.first else {
            guard !known.isEmpty else {
                throw WatcherChoice(
                    reason: .absent, description: "no watcher has told where it is reached; is it running?")
            }
            let meant = name.map { "'\($0)'" } ?? "of that directory"
            throw WatcherChoice(reason: .unknown, description: "there is no watcher \(meant); there are \(known)")
        }
        guard meant.count == 1 else {
            throw WatcherChoice(reason: .ambiguous, description: "there are several watchers, name one: \(known)")
        }
        return ServedStreams.Entry(first)
    }
}

extension Heartbeat {
    /// It is that of the watcher that serves a stream.
    package func serves(_ stream: StreamID) -> Bool { kind == "watch" && streams.contains { $0.stream == stream } }
}
