import SQLite

/// Whether the store is whole.
extension ResultStore {
    /// How long a store is looked through at a start that follows an unclean end.
    private static let patience = Duration.seconds(5)
    /// A store above this is not looked through: SQLite's check of a tree's pages is not interrupted by time, and of 37 GB
    /// takes more than ten minutes. What is damaged of it is told where it is met.
    private static let largest = 1 << 30

    /// Opens a connection to the store at `path`, committing with FULL durability.
    static func open(_ path: String) throws -> Connection {
        let connection = try Connection(path: path)
        try connection.configure(durability: .full)
        return connection
    }

    /// Looks the store through where its last user has not closed it: a machine that went down may have lost what a disk
    /// had promised to have.
    ///
    /// - Throws: ``StoreDamage``.
    static func look(at connection: Connection) throws {
        guard try connection.scalar("SELECT v FROM meta WHERE k='status_open'") == 1,
            try connection.bytes <= largest
        else { return }
        connection.limitTime(ResultStore.patience)
        defer { connection.limitTime(nil) }
        do {
            let problems = try ResultStore.problems(of: connection, check: "quick_check")
            if let problem = problems.first { throw StoreDamage(path: connection.path, reason: problem) }
        } catch let error as SQLiteError where error.isInterrupted {}
    }

    /// Returns what a check of SQLite finds wrong; nothing where the database is whole.
    static func problems(of connection: Connection, check: String) throws -> [String] {
        var problems: [String] = []
        try connection.statement("PRAGMA \(check)(3)").forEachRow { problems.append($0.string(0)) }
        return problems == ["ok"] ? [] : problems
    }

    /// Notes that the store is in use, or that it was closed as it should be.
    func noteOpen(_ isOpen: Bool) throws {
        try connection.statement("INSERT OR REPLACE INTO meta(k, v) VALUES ('status_open', ?)")
            .bind(1, isOpen ? 1 : 0).run()
    }
}
