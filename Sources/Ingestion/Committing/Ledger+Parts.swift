import Articles
import Formats
import Linux
import SQLite

/// Files of many parts: how far one is that is read piece by piece, and which parts of a file failed.
extension Ledger {
    static let partsSchema = """
        CREATE TABLE IF NOT EXISTS open_file(
            row INTEGER PRIMARY KEY, articles INTEGER NOT NULL, failed INTEGER NOT NULL, kept_whole INTEGER NOT NULL,
            first_seq INTEGER, last_seq INTEGER, article_id TEXT, ignored TEXT, format TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS failed_part(
            row INTEGER NOT NULL, part INTEGER NOT NULL, member TEXT, code TEXT NOT NULL, message TEXT NOT NULL,
            sha256 BLOB, PRIMARY KEY(row, part)) WITHOUT ROWID;
        """

    /// Writes down, inside the transaction of a file's records, how far it is; returns its row.
    ///
    /// - Parameter entry: a row that is not in the ledger yet has the id 0.
    func setProgress(_ entry: Entry, _ tally: FileTally) throws -> Int64 {
        var row = entry.id
        if row == 0 {
            row = try insert(
                entry, sha256: entry.sha256, parts: tally.partsDone, firstSeq: tally.firstSeq ?? 0, isContent: false)
        } else {
            try connection.statement("UPDATE ledger SET parts_done=?, first_seq=? WHERE id=?").bind(1, tally.partsDone)
                .bind(2, Int64(tally.firstSeq ?? 0)).bind(3, row).run()
        }
        let statement = try connection.statement(
            """
            INSERT OR REPLACE INTO open_file(row, articles, failed, kept_whole, first_seq, last_seq, article_id, ignored,
                format) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        try statement.bind(1, row).bind(2, tally.articles).bind(3, tally.failed).bind(4, tally.hasLoss ? 1 : 0)
            .bind(5, Int64(tally.firstSeq ?? 0)).bind(6, Int64(tally.lastSeq ?? 0))
            .bind(7, tally.articleID?.description).bind(8, tally.ignoredReason?.rawValue).bind(9, tally.format).run()
        hasOpenFiles = true
        return row
    }

    /// Returns how far an open file is.
    func progress(of row: Int64) throws -> FileTally {
        var tally = FileTally()
        let query = try connection.statement(
            """
            SELECT l.parts_done, o.articles, o.failed, o.kept_whole, o.first_seq, o.last_seq, o.article_id, o.ignored,
                o.format FROM open_file o JOIN ledger l ON l.id=o.row WHERE o.row=?
            """
        ).bind(1, row)
        defer { query.reset() }
        guard try query.step() else { return tally }
        tally.partsDone = query.int(0)
        tally.articles = query.int(1)
        tally.failed = query.int(2)
        tally.hasLoss = query.int(3) != 0
        if query.int64(4) > 0 { tally.firstSeq = UInt64(query.int64(4)) }
        if query.int64(5) > 0 { tally.lastSeq = UInt64(query.int64(5)) }
        tally.embargoed = Int(
            try connection.scalar("SELECT held+released+superseded FROM held_file WHERE file=\(row)") ?? 0)
        // Those that have bytes of their own are kept.
        tally.kept = Int(
            try connection.scalar("SELECT count(*) FROM failed_part WHERE row=\(row) AND sha256 IS NOT NULL") ?? 0)
        tally.articleID = ArticleID(query.string(6))
        tally.ignoredReason = ReasonCode(rawValue: query.string(7))
        tally.format = query.string(8)
        try connection.statement(
            "SELECT part, member, code, message FROM failed_part WHERE row=? ORDER BY part LIMIT ?"
        ).bind(1, row).bind(2, FileRecord.listedFailures).forEachRow {
            tally.listed.append(
                FileRecord.Failure(
                    part: $0.int(0), member: $0.isNull(1) ? nil : $0.string(1), code: $0.string(2),
                    message: $0.string(3)))
        }
        return tally
    }

    /// Returns the rows of files of a directory that are read piece by piece, or were at the last end.
    func openFiles(_ directory: Int64) throws -> [Entry] {
        guard hasOpenFiles else { return [] }
        var entries: [Entry] = []
        try connection.statement(
            "SELECT \(Ledger.columns) FROM ledger WHERE id IN (SELECT row FROM open_file) AND directory=? ORDER BY id"
        ).bind(1, directory).forEachRow { entries.append(Ledger.entry($0)) }
        return entries
    }

    // MARK: Failed parts

    /// Writes down which parts of a file failed.
    func noteFailed(_ parts: [FailedPiece], of row: Int64) throws {
        for part in parts {
            try connection.statement(
                "INSERT OR REPLACE INTO failed_part(row, part, member, code, message, sha256) VALUES (?, ?, ?, ?, ?, ?)"
            ).bind(1, row).bind(2, part.number).bind(3, part.member).bind(4, part.error.code.rawValue)
                .bind(5, part.error.cause).bind(6, part.sha256).run()
        }
    }

    /// Returns the parts of a file that failed and were not published since, also not as files of their own.
    func unpublishedParts(of row: Int64, _ directory: Int64) throws -> Set<Int> {
        var parts: Set<Int> = []
        try connection.prepare("SELECT part, sha256 FROM failed_part WHERE row=?").bind(1, row).forEachRow {
            let digest = $0.isNull(1) ? nil : $0.bytes(1)
            if let digest, try published(directory, sha256: digest) != nil { return }
            parts.insert($0.int(0))
        }
        return parts
    }

    /// Writes down what another try of a file's content has brought: its first row has the word on that content.
    ///
    /// - Parameters:
    ///   - row: that first row.
    ///   - retry: the row of the other try, with the parts that still fail.
    ///   - partsDone: the last part that was read.
    ///   - isComplete: whether nothing is left that failed or was not read.
    func noteRetry(of row: Int64, by retry: Int64, partsDone: Int, isComplete: Bool) throws {
        try connection.statement("DELETE FROM failed_part WHERE row=?").bind(1, row).run()
        try connection.statement(
            """
            INSERT INTO failed_part(row, part, member, code, message, sha256)
                SELECT ?, part, member, code, message, sha256 FROM failed_part WHERE row=?
            """
        ).bind(1, row).bind(2, retry).run()
        try connection.statement("UPDATE ledger SET outcome=?, parts_done=max(parts_done, ?) WHERE id=?")
            .bind(1, (isComplete ? FileOutcome.published : .partial).rawValue).bind(2, partsDone).bind(3, row).run()
    }
}
