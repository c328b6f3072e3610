import Articles
import HTTP
import Linux
import SQLite

/// The clients of the event stream and what they are sent, turn by turn. It belongs to the hub's thread.
final class EventDesk {
    /// A client and how far it is.
    private final class Client {
        let stream: EventStream
        let filter: EventFilter
        /// Where it stands; nil for one that has yet to get the overview.
        var position: EventPosition?
        /// It has everything up to the desk's own place, and gets what comes as it comes.
        var isUpToDate = false

        init(_ stream: EventStream, _ filter: EventFilter, _ position: EventPosition?) {
            self.stream = stream
            self.filter = filter
            self.position = position
        }
    }

    /// The time between two turns.
    static let interval = Duration.milliseconds(250)
    /// The time between two looks at the overview.
    private static let overviewInterval = Duration.milliseconds(500)
    /// Rows of each table that are told one by one in a turn; of more, the last so many.
    private static let mostInTurn: Int64 = 100
    /// Who is further behind gets the overview instead of what it missed.
    static let longestReplay: Int64 = 1000
    /// A client that has yet to take so many bytes gets no more of what it missed.
    private static let patience = 64 << 10
    /// How long a client waits before it connects again.
    private static let retry = Duration.seconds(2)

    private let reader: StoreReader
    private let moment: () throws -> Moment
    private var clients: [Client] = []
    /// Everything up to here was told; nil while nobody listens.
    private var position: EventPosition?
    private var changes = OverviewChanges()
    private var nextOverview = ContinuousClock.now
    private var nextTurn = ContinuousClock.now

    init(databasePath: String, moment: @escaping () throws -> Moment) throws {
        reader = try StoreReader(path: databasePath)
        self.moment = moment
    }

    /// Nobody listens.
    var isIdle: Bool { clients.isEmpty }

    /// Takes a client in.
    func add(_ stream: EventStream, _ filter: EventFilter, from position: EventPosition?) {
        // The first bytes at once, so that the client knows that it is connected.
        stream.send(Array("retry: \(EventDesk.retry.components.seconds * 1000)\n\n".utf8))
        clients.append(Client(stream, filter, position))
    }

    /// Lets everybody go; they come back by themselves.
    func dismiss() {
        for client in clients { client.stream.finish() }
        clients = []
    }

    /// Sends to everybody what is there for him.
    func turn() throws {
        clients.removeAll { !$0.stream.isOpen }
        guard !clients.isEmpty else {
            position = nil
            changes.forget()
            return
        }
        let now = ContinuousClock.now
        let hasNewcomers = clients.contains { !$0.isUpToDate }
        // Before the events: what comes in after it is gathered is told one by one.
        let overview = try hasNewcomers || nextOverview <= now ? moment() : nil
        if hasNewcomers || nextTurn <= now {
            nextTurn = now + EventDesk.interval
            try tellEvents()
        }
        guard let overview else { return }
        if nextOverview <= now { nextOverview = now + EventDesk.overviewInterval }
        // Also for newcomers' sake: what they are sent is what the next changes are changes of.
        tellChanges(to: overview)
        try serveOthers(overview)
    }

    // MARK: What comes in

    private func tellEvents() throws {
        let (start, page) = try reader.connection.snapshot {
            let end = try reader.eventPosition()
            // Another store has another name: whoever followed the old one gets the overview.
            guard let start = position, start.distance(to: end) != nil else {
                return (EventPosition?.none, EventReader.Page(end: end))
            }
            let events = EventReader(reader: reader)
            let skipped = events.skipping(from: start, to: end, most: EventDesk.mostInTurn)
            let page = try events.page(from: skipped.end, to: end, limit: Int(EventDesk.mostInTurn))
            return (start, EventReader.Page(events: skipped.events + page.events, end: page.end))
        }
        position = page.end
        for client in clients where client.isUpToDate {
            guard start != nil else {
                client.isUpToDate = false
                continue
            }
            send(page, to: client)
        }
    }

    /// Sends those of a page that the client wants and has not had with its overview.
    private func send(_ page: EventReader.Page, to client: Client) {
        guard var place = client.position else { return }
        for event in page.events where event.place > place[event.table] && client.filter.wants(event) {
            client.stream.send(event.bytes)
        }
        for table in EventPosition.Table.allCases { place[table] = max(place[table], page.end[table]) }
        client.position = place
    }

    // MARK: The overview

    private func tellChanges(to overview: Moment) {
        let (members, turns) = changes.take(overview)
        for turn in turns {
            let bytes = ServerSentEvent(EventDesk.json(turn), name: EventName.trouble.rawValue).bytes
            for client in clients where client.isUpToDate && client.filter.wants(.trouble) { client.stream.send(bytes) }
        }
        guard let members, let position else { return }
        // With the id of the moment: who wants little else goes on from here.
        let bytes = event(.status, members, position)
        for client in clients where client.isUpToDate && client.filter.wants(.status) { client.stream.send(bytes) }
    }

    private func event(_ name: EventName, _ json: [UInt8], _ position: EventPosition) -> [UInt8] {
        ServerSentEvent(String(decoding: json, as: UTF8.self), name: name.rawValue, id: position.description).bytes
    }

    private static func json(_ turn: OverviewChanges.Turn) -> String {
        var writer = JSONWriter(capacity: 200)
        writer.beginObject()
        writer.field("name", turn.trouble.name)
        writer.field("text", turn.trouble.text)
        writer.field("state", turn.hasBegun ? "began" : "ended")
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    // MARK: Who begins, and who is behind

    private func serveOthers(_ overview: Moment) throws {
        guard let end = position else { return }
        var pages: [EventPosition: EventReader.Page] = [:]
        var (snapshot, whole): ([UInt8]?, [UInt8]?)
        let json = overview.representation.body
        for client in clients where !client.isUpToDate {
            guard let place = client.position, let distance = place.distance(to: end),
                distance <= EventDesk.longestReplay
            else {
                let bytes = snapshot ?? event(.snapshot, json, overview.position)
                snapshot = bytes
                begin(client, overview.position, bytes)
                continue
            }
            guard client.stream.waitingBytes < EventDesk.patience else { continue }
            let page = try pages[place] ?? missed(from: place, to: end)
            pages[place] = page
            send(page, to: client)
            guard client.position.flatMap({ $0.distance(to: end) }) == 0 else { continue }
            client.isUpToDate = true
            guard client.filter.wants(.status) else { continue }
            // What has changed of the overview was told to others one by one.
            let bytes = whole ?? event(.status, json, end)
            whole = bytes
            client.stream.send(bytes)
        }
    }

    /// Gives a client its first event, from which it goes on.
    private func begin(_ client: Client, _ place: EventPosition, _ snapshot: [UInt8]) {
        // Without one it has at least an id.
        client.stream.send(client.filter.wants(.snapshot) ? snapshot : Array("id: \(place)\n\n".utf8))
        client.position = place
        // What has come in since the overview was gathered it gets in its next turn.
        client.isUpToDate = place == position
    }

    private func missed(from place: EventPosition, to end: EventPosition) throws -> EventReader.Page {
        try reader.connection.snapshot {
            try EventReader(reader: reader).page(from: place, to: end, limit: Int(EventDesk.mostInTurn))
        }
    }
}
