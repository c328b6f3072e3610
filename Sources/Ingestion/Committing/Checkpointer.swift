import SQLite

/// Moves what is committed from the write-ahead log into the database, on a thread and a connection of its own: it is as
/// much to write as the log was, and meanwhile the next batch is committed.
///
/// SQLite begins its log anew with a commit that finds all of it moved. While commits never cease that never comes by
/// itself, so where the log has grown long the intake waits until it has.
final class Checkpointer {
    /// From so many bytes on they are moved.
    private static let due = 8 << 20
    /// From so many bytes of the whole log on they are waited for.
    private static let long = 32 << 20

    private let connection: Connection
    private let pageBytes: Int
    private let worker: ApartWorker<Void, Connection.Checkpoint?>
    /// Pages of the log that are known to be moved.
    private var moved = 0

    /// Takes the checkpoints over from a connection.
    init(_ connection: Connection) throws {
        self.connection = connection
        pageBytes = Int(try connection.scalar("PRAGMA page_size") ?? 0)
        let room = Room(path: connection.path)
        worker = try ApartWorker(name: "checkpoint") { room.checkpoint() }
        connection.leaveCheckpoints()
    }

    /// Begins to move what was committed, where that is enough to be worth it; waits where the log is long.
    func work() {
        let pages = connection.loggedPages
        // It was begun anew.
        if pages < moved { moved = 0 }
        if worker.isDone { finish(pages) }
        guard (pages - moved) * pageBytes >= Checkpointer.due else { return }
        if pages * pageBytes >= Checkpointer.long {
            finish(pages)
            // What came while the last one was at work; no more comes now.
            if pages > moved { worker.begin(()) }
            finish(pages)
        } else if !worker.isBusy {
            worker.begin(())
        }
    }

    /// Moves all of the log and cuts it to nothing; false where somebody reads an older state.
    func empty() throws -> Bool {
        finish(connection.loggedPages)
        guard try connection.emptyLog() else { return false }
        moved = 0
        return true
    }

    /// Waits for the end. What cannot be moved stays in the log, which is as durable, and is tried again with the next batch.
    private func finish(_ pages: Int) {
        // What was moved of an earlier log says nothing of this one.
        guard let done = worker.finish() ?? nil, done.logged <= pages else { return }
        moved = done.moved
    }

    /// What the thread has: one user at a time, which the worker sees to.
    private final class Room: @unchecked Sendable {
        private let path: String
        private var connection: Connection?

        init(path: String) { self.path = path }

        /// Returns nil where it could not be done.
        func checkpoint() -> Connection.Checkpoint? {
            do {
                let connection = try connection ?? open()
                self.connection = connection
                return try connection.checkpoint()
            } catch {
                return nil
            }
        }

        private func open() throws(SQLiteError) -> Connection {
            let connection = try Connection(path: path)
            // It syncs the database before the log is given up.
            try connection.configure(durability: .full)
            return connection
        }
    }
}
