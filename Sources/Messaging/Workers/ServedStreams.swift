/// The answer to STREAMS: the processes that the status service has heard of, and what each serves.
package struct ServedStreams: Sendable, Decodable {
    /// A process.
    package struct Entry: Sendable, Decodable {
        package var name: String
        package var kind: String
        package var host: String
        /// Addresses by what is served there (`feed`, `log`, `admin`, …).
        package var endpoints: [String: [String]]
        /// The stream of a watcher's log; nil of other processes.
        package var stream: StreamID?

        /// Makes an entry.
        package init(
            name: String, kind: String, host: String, endpoints: [String: [String]], stream: StreamID? = nil
        ) {
            self.name = name
            self.kind = kind
            self.host = host
            self.endpoints = endpoints
            self.stream = stream
        }

        /// Takes what a process told of itself.
        package init(_ heartbeat: Heartbeat) {
            self.init(
                name: heartbeat.name, kind: heartbeat.kind, host: heartbeat.host, endpoints: heartbeat.endpoints,
                stream: heartbeat.kind == "watch" ? heartbeat.streams.first?.stream : nil)
        }

        /// The name for people on `host`: with the process's own host where that is another one.
        package func label(on host: String) -> String { host == self.host ? name : "\(name) on \(self.host)" }

        /// The addresses of what is served under a name that a process on `host` can connect to.
        ///
        /// An ipc path and a loopback address mean something on their own host only. What is bound to every interface is
        /// reached by the name of its host.
        package func addresses(of name: String, from host: String) -> [String] {
            (endpoints[name] ?? []).compactMap { address in
                guard let tcp = TCPAddress(address) else { return host == self.host ? address : nil }
                if tcp.isAnyInterface { return "tcp://\(host == self.host ? "127.0.0.1" : self.host):\(tcp.port)" }
                return host == self.host || !tcp.isLoopback ? address : nil
            }
        }
    }

    package var streams: [Entry]

    /// Makes a list.
    package init(_ streams: [Entry]) { self.streams = streams }

    /// The watchers' logs that can be followed from `host`.
    package func articleLogs(from host: String) -> [LogSource] {
        streams.compactMap { entry in
            guard entry.kind == "watch" else { return nil }
            let endpoints = entry.addresses(of: "log", from: host)
            guard !endpoints.isEmpty else { return nil }
            return LogSource(name: entry.label(on: host), endpoints: endpoints)
        }
    }
}

/// The parts of a `tcp://HOST:PORT` address.
private struct TCPAddress {
    let host: Substring
    let port: Substring

    init?(_ address: String) {
        guard address.hasPrefix("tcp://"), let colon = address.lastIndex(of: ":") else { return nil }
        host = address.dropFirst(6)[..<colon]
        port = address[address.index(after: colon)...]
    }

    var isAnyInterface: Bool { ["*", "0.0.0.0", "[::]"].contains(host) }
    var isLoopback: Bool { host.hasPrefix("127.") || host == "[::1]" || host == "localhost" }
}
