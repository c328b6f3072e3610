/// A log that is worked on: what it is called, and where it is reached.
package struct LogSource: Sendable, Hashable {
    /// The name for people: that of its watcher, with the host where that is another one.
    package var name: String
    /// The addresses of one server; alternatives.
    package var endpoints: [String]

    /// Makes a source.
    package init(name: String, endpoints: [String]) {
        self.name = name
        self.endpoints = endpoints
    }

    /// Both are of one server: they have an address in common.
    func isSameServer(as other: LogSource) -> Bool { endpoints.contains { other.endpoints.contains($0) } }
}

extension [(source: LogSource, trouble: String?)] {
    /// What is wrong with some of several logs, in a sentence that names them; nil where nothing is.
    var sentence: String? {
        let troubles = compactMap { entry in
            entry.trouble.map { count == 1 ? $0 : "\(entry.source.name): \($0)" }
        }
        return troubles.isEmpty ? nil : troubles.joined(separator: "; ")
    }
}
