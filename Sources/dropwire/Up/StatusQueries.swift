import Linux
import Messaging

/// What `up`, `status` and other tools ask the status service.
struct StatusQueries {
    /// SUMMARY: totals since the state was made.
    struct Summary: Decodable {
        struct Results: Decodable {
            var ok: Int
            var failed: Int
            var skipped: Int
            var dead: Int
            var verdicts: [String: Int]?
        }
        struct Place: Decodable {
            var stream: StreamID
            var epoch: UInt32
            var seq: UInt64
        }
        var files: [String: Int]
        var articles: Int
        var kills: Int
        var results: [String: Results]
        var cursors: [Place]
    }

    /// PROCESSES: the last heartbeat of each process.
    struct Processes: Decodable {
        var processes: [Heartbeat]
    }

    private let client: CommandClient
    private let interrupt: WakeUp?

    init(client: CommandClient, interrupt: WakeUp? = nil) {
        self.client = client
        self.interrupt = interrupt
    }

    func summary() throws -> Summary {
        try client.request("SUMMARY", interrupt: interrupt).decode(Summary.self)
    }

    func processes() throws -> [Heartbeat] {
        try client.request("PROCESSES", interrupt: interrupt).decode(Processes.self).processes
    }
}
