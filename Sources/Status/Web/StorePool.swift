import SQLite
import Synchronization

/// Read-only connections to the store, one for each request that is answered at the same time.
final class StorePool: Sendable {
    /// A connection may move between threads, as long as one uses it at a time: the lock sees to that.
    private final class Place: Sendable {
        let reader: Mutex<StoreReader>

        init(path: String) throws {
            let made = try StoreReader(path: path)
            reader = Mutex(made)
        }
    }

    private let path: String
    private let board: StatusBoard
    private let places: [Place]

    init(path: String, count: Int, board: StatusBoard) throws {
        self.path = path
        self.board = board
        places = try (0..<count).map { _ in try Place(path: path) }
    }

    /// Calls `body` with a reader on one snapshot of the store. A store that is found to be damaged is told to the board.
    func read<Result: Sendable>(_ body: @Sendable (StoreReader) throws -> Result) throws -> Result {
        do { return try readAnywhere(body) } catch {
            if let damage = StoreDamage(error, path: path) { board.noteDamage(damage) }
            throw error
        }
    }

    private func readAnywhere<Result: Sendable>(_ body: @Sendable (StoreReader) throws -> Result) throws -> Result {
        for place in places {
            let result = try place.reader.withLockIfAvailable { reader in
                try reader.connection.snapshot { try body(reader) }
            }
            if let result { return result }
        }
        return try places[0].reader.withLock { reader in try reader.connection.snapshot { try body(reader) } }
    }
}
