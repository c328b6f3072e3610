import Articles
import Linux

/// What every process says of itself to the status service, every five seconds and when it comes to rest.
package struct Heartbeat: Sendable, Decodable {
    /// A place in a stream that the process has reached.
    package struct StreamPosition: Sendable, Decodable {
        package var stream: StreamID
        package var epoch: UInt32
        /// The last record whose effect is committed.
        package var seq: UInt64
        /// The end of the stream as the process last saw it.
        package var head: UInt64

        /// Makes a place.
        package init(stream: StreamID, epoch: UInt32, seq: UInt64, head: UInt64) {
            self.stream = stream
            self.epoch = epoch
            self.seq = seq
            self.head = head
        }
    }

    /// The process's name, for example `deduplicate` or `summarize-1`.
    package var name: String
    /// The role: `watch`, `deduplicate`, `index`, `summarize`, `status`, or a custom worker's kind.
    package var kind: String
    package var host: String
    package var version: String
    package var pid: Int32
    package var uptimeSeconds: Int64
    /// Resident memory in bytes.
    package var residentBytes: Int
    /// Records that wait for the process.
    package var lag: UInt64
    package var streams: [StreamPosition]
    /// What the process serves, by name (`feed`, `log`, `search`, `admin`).
    package var endpoints: [String: [String]]
    /// Numbers of the process, by name (`done`, `failed`, `outbox`, `retrying`, `dead`, …).
    package var numbers: [String: Int64]
    /// What the process is at, as a word, where it goes through stages: `scanning`, then `watching`.
    package var state: String?
    /// What is wrong with the process as a whole, in a sentence; nil where nothing is.
    package var trouble: String?
    /// The drop directories of a watcher, each with its own trouble.
    package var directories: DirectoryList?
    /// The logs that the process serves, with those who read them.
    package var logs: [LogStanding]?
    /// The actions of a ``Wish`` that the process does; nil where it does none.
    package var grants: [String]?

    enum CodingKeys: String, CodingKey {
        case name, kind, host, version, pid, lag, streams, endpoints, numbers, state, trouble, directories, logs, grants
        case uptimeSeconds = "uptime_s"
        case residentBytes = "rss"
    }

    /// How often a process sends it at least.
    package static let interval = Duration.seconds(5)
    private static let started = ContinuousClock.now

    /// Makes a heartbeat of this process.
    package init(name: String, kind: String) {
        self.name = name
        self.kind = kind
        host = ProcessInformation.hostName
        version = Version.text
        pid = ProcessInformation.identifier
        uptimeSeconds = (ContinuousClock.now - Heartbeat.started).components.seconds
        residentBytes = ProcessInformation.residentBytes()
        lag = 0
        streams = []
        endpoints = [:]
        numbers = [:]
    }

    /// The json frame of HEARTBEAT.
    package var json: [UInt8] {
        Reply { writer in
            writer.field("name", name)
            writer.field("kind", kind)
            writer.field("host", host)
            writer.field("version", version)
            writer.field("pid", pid)
            writer.field("uptime_s", uptimeSeconds)
            writer.field("rss", residentBytes)
            writer.field("lag", lag)
            writer.key("streams")
            writer.beginArray()
            for place in streams {
                writer.beginObject()
                writer.field("stream", place.stream.description)
                writer.field("epoch", place.epoch)
                writer.field("seq", place.seq)
                writer.field("head", place.head)
                writer.endObject()
            }
            writer.endArray()
            writer.key("endpoints")
            writer.beginObject()
            for (name, addresses) in endpoints.sorted(by: { $0.key < $1.key }) {
                writer.key(text: name)
                writer.beginArray()
                for address in addresses { writer.string(address) }
                writer.endArray()
            }
            writer.endObject()
            writer.key("numbers")
            writer.beginObject()
            for (name, number) in numbers.sorted(by: { $0.key < $1.key }) {
                writer.key(text: name)
                writer.integer(number)
            }
            writer.endObject()
            writer.field("state", state)
            // The frame has its limit, and a sentence may name anything.
            writer.field("trouble", trouble.map { HeartbeatText.shortened($0, to: 2000) })
            if let directories {
                writer.key("directories")
                directories.write(to: &writer)
            }
            if let logs {
                writer.key("logs")
                writer.beginArray()
                for log in logs { log.write(to: &writer) }
                writer.endArray()
            }
            if let grants { writer.array("grants", grants) }
        }.json
    }

    /// Everything that is wrong, a sentence each: with the process, and with each of its directories.
    package var troubles: [String] {
        var troubles = trouble.map { [$0] } ?? []
        for directory in directories?.listed ?? [] {
            if let trouble = directory.trouble {
                troubles.append("nothing is taken from \(directory.path): \(trouble)")
            }
        }
        let more = directories?.others.troubled ?? 0
        if more > 0 { troubles.append("nothing is taken from \(more) more director\(more == 1 ? "y" : "ies")") }
        return troubles
    }
}

/// The version of the program.
package enum Version {
    /// As `dropwire --version` prints it.
    package static let text = "0.1.0"
}
