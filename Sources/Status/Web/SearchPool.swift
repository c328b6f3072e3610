import Articles
import Messaging
import Synchronization
import ZeroMQ

/// Lines to the index, one for each search that runs at the same time.
final class SearchPool: Sendable {
    /// Why there is no answer.
    struct Unavailable: Error {
        let reason: String
    }

    /// A socket may move between threads, as long as one uses it at a time and a lock stands between: "migrate a socket
    /// from one thread to another with a full fence memory barrier" (zmq_socket(3)).
    private final class Place: Sendable {
        let client: Mutex<CommandClient>

        init(context: Context, endpoints: [String]) {
            let made = CommandClient(context: context, endpoints: endpoints)
            client = Mutex(made)
        }
    }

    private let places: [Place]
    private let next = Atomic<Int>(0)
    /// After a search that nobody answered, the following ones do not wait for nothing.
    private let quietUntil = Mutex<ContinuousClock.Instant?>(nil)
    private static let deadline = Duration.seconds(4)

    init(context: Context, endpoints: [String], count: Int) {
        places = endpoints.isEmpty ? [] : (0..<count).map { _ in Place(context: context, endpoints: endpoints) }
    }

    /// Asks SEARCH.
    ///
    /// - Throws: ``Unavailable``; `WireError` where the index refuses.
    func search(_ question: SearchQuestion) throws -> [UInt8] {
        try ask("SEARCH") { writer in
            writer.field("q", question.text)
            writer.field("limit", question.limit)
            writer.field("offset", question.offset)
            writer.field("sort", question.sort)
            writer.field("recency", question.recency)
            writer.field("collapse", question.collapse)
            writer.field("cursor", question.cursor)
        }.json
    }

    /// Sends a command of the index's search socket.
    ///
    /// - Throws: ``Unavailable``; `WireError` where the index refuses.
    func ask(_ command: String, _ body: (inout JSONWriter) -> Void) throws -> Reply {
        guard !places.isEmpty else { throw Unavailable(reason: "no index is configured") }
        if let until = quietUntil.withLock({ $0 }), until > .now {
            throw Unavailable(reason: "the index did not answer a moment ago; is it running?")
        }
        let json = Reply(body).json
        do {
            return try ask { try $0.request(command, json: json, deadline: SearchPool.deadline) }
        } catch let error as WireError {
            throw error
        } catch {
            quietUntil.withLock { $0 = .now + .seconds(2) }
            throw Unavailable(reason: "the index does not answer; is it running?")
        }
    }

    private func ask(_ body: @Sendable (CommandClient) throws -> Reply) throws -> Reply {
        for place in places {
            if let answer = try place.client.withLockIfAvailable({ try body($0) }) { return answer }
        }
        let turn = next.add(1, ordering: .relaxed).newValue
        return try places[turn % places.count].client.withLock { try body($0) }
    }
}
