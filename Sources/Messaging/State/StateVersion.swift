package import SQLite

/// The version of a set of tables: which one the program writes, and where a database says which one it has.
///
/// A number is raised where an earlier program could not work with what stands there. A table or an index that an earlier
/// program only passes over is added without that, so that going back stays possible. Nothing is written before the
/// version is checked, and tables of an earlier version become those of this one in one transaction with their number: an
/// end of the process leaves the one or the other.
package struct StateVersion: Sendable {
    /// A place for the number.
    package enum Place: Sendable {
        /// In its header (`PRAGMA user_version`), for the one set of tables of a file that has no place of its own.
        case header
        /// In a table of its own with the columns `k` and `v`.
        case row(table: String, key: String)
    }

    /// What is meant, in messages: "the ledger".
    package let name: String
    /// The version that this program writes, which is the latest that it knows.
    package let known: Int64
    /// Where a database has the number.
    package let place: Place

    /// Describes a set of tables.
    package init(_ name: String, known: Int64, in place: Place) {
        self.name = name
        self.known = known
        self.place = place
    }

    /// Returns the version that a database has; nil where it has none, as one that is new.
    package func found(in connection: Connection) throws -> Int64? {
        switch place {
        case .header:
            let version = try connection.scalar("PRAGMA user_version") ?? 0
            return version == 0 ? nil : version
        case .row(let table, let key):
            let isThere = "SELECT 1 FROM sqlite_schema WHERE type='table' AND name='\(table)'"
            guard try connection.scalar(isThere) != nil else { return nil }
            return try connection.scalar("SELECT v FROM \(table) WHERE k='\(key)'")
        }
    }

    /// Returns the version that a database has; nil where it has none.
    ///
    /// - Throws: ``NewerState`` where that is a later one.
    @discardableResult
    package func check(_ connection: Connection) throws -> Int64? {
        let version = try found(in: connection)
        try refuse(version, path: connection.path)
        return version
    }

    /// Throws ``NewerState`` where a version is a later one than this program knows.
    package func refuse(_ version: Int64?, path: String) throws(NewerState) {
        guard let version, version > known else { return }
        throw NewerState(name: name, path: path, version: version, known: known)
    }

    /// Notes that the tables are those of this version, within the transaction that made them so.
    package func note(in connection: Connection) throws {
        guard try found(in: connection) != known else { return }
        switch place {
        case .header: try connection.execute("PRAGMA user_version=\(known)")
        case .row(let table, let key):
            try connection.statement("INSERT OR REPLACE INTO \(table)(k, v) VALUES (?, ?)").bind(1, key).bind(2, known)
                .run()
        }
    }

    /// Runs what makes tables of an earlier version into those of this one, within the owner's transaction; whoever waits
    /// for the process is told meanwhile (``StateUpgrade``).
    package func upgrade<Result>(_ connection: Connection, from version: Int64, _ body: () throws -> Result) throws
        -> Result
    {
        try StateUpgrade.run(name, of: connection, from: version, to: known, body)
    }
}
