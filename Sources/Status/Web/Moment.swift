import HTTP
import Synchronization

/// The overview at one moment, which many look at, in the forms in which it is sent.
final class Moment: Sendable {
    /// When it was gathered.
    let at: ContinuousClock.Instant
    let snapshot: StatusSnapshot
    /// What the store had then, as the event stream counts it.
    let position: EventPosition
    private let made = Mutex<Representation?>(nil)

    /// Gathers it on one snapshot of the store.
    init(_ reader: StoreReader, _ board: StatusBoard) throws {
        at = .now
        snapshot = try StatusSnapshot(reader, board)
        position = try reader.eventPosition()
    }

    /// The JSON of `/api/v1/status`.
    var representation: Representation {
        made.withLock { made in
            if let made { return made }
            let new = Representation(shared: snapshot.json, contentType: "application/json")
            made = new
            return new
        }
    }
}
