package import SQLite

/// Up to where streams were read: a table of their reader's database, written in the transaction of what was made of them.
package struct CursorTable {
    private let connection: Connection
    private let name: String

    /// Makes the table where it is not there.
    ///
    /// - Parameter name: the table's.
    package init(_ name: String, in connection: Connection) throws {
        self.connection = connection
        self.name = name
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS \(name)(
                stream TEXT PRIMARY KEY, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, time_ms INTEGER NOT NULL
                ) WITHOUT ROWID
            """)
    }

    /// The committed cursor of a stream; nil where none of it was read.
    package func cursor(of stream: StreamID) throws -> Cursor? {
        let query = try connection.statement("SELECT epoch, seq, time_ms FROM \(name) WHERE stream=?")
            .bind(1, stream.description)
        defer { query.reset() }
        guard try query.step() else { return nil }
        return Cursor(
            stream: stream, epoch: UInt32(clamping: query.int64(0)), seq: UInt64(clamping: query.int64(1)),
            timeMilliseconds: query.int64(2))
    }

    /// Moves a cursor, inside the transaction of the effects up to it.
    package func save(_ cursor: Cursor) throws {
        try connection.statement("INSERT OR REPLACE INTO \(name)(stream, epoch, seq, time_ms) VALUES (?, ?, ?, ?)")
            .bind(1, cursor.stream.description).bind(2, Int64(cursor.epoch)).bind(3, Int64(clamping: cursor.seq))
            .bind(4, cursor.timeMilliseconds).run()
    }
}
