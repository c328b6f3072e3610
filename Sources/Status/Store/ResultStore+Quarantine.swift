import Articles
import FoundationEssentials
import SQLite

/// The list of what lies in quarantine, whole or in part, as the outcomes tell it.
extension ResultStore {
    /// Takes in an outcome: it puts a file on the list, or takes it off. A file of which parts are kept is off it when the
    /// last of these has an outcome of its own.
    func noteQuarantine(_ file: FileRecord, time: Int64, _ bytes: [UInt8]) throws {
        // What it left there was told when its articles were held; some of it may be gone since.
        if file.heldSeq != nil { return }
        switch file.outcome {
        case .held where file.failedParts == 0: try forget(file.directory, file.path)
        case .quarantined, .partial, .held:
            try forget(file.directory, file.path)
            try connection.statement(
                "INSERT OR REPLACE INTO quarantine(directory, path, time_ms, record) VALUES (?, ?, ?, ?)"
            ).bind(1, file.directory).bind(2, file.path).bind(3, time).bind(4, bytes).run()
        case .discarded:
            // Of a file that was kept beside its parts, these are still there.
            if try !noteGone(ResultStore.whole, of: file.path, in: file.directory) {
                try forget(file.directory, file.path)
            }
        case .published, .duplicate, .ignored: try forget(file.directory, file.path)
        }
        if let (path, part) = ResultStore.part(file.path) { _ = try noteGone(part, of: path, in: file.directory) }
    }

    /// The number that stands for the file itself; parts count from 1.
    private static let whole = 0

    /// Takes the name of a kept part apart, `<path>#<part>`; nil where it is none.
    private static func part(_ path: String) -> (path: String, part: Int)? {
        guard let mark = path.utf8.lastIndex(of: UInt8(ascii: "#")), let part = Int(path[mark...].dropFirst()), part > 0
        else { return nil }
        return (String(path[..<mark]), part)
    }

    /// Notes that one of the files that a partial file left in quarantine has gone its own way.
    ///
    /// - Returns: false where it is not known how many it left there.
    private func noteGone(_ part: Int, of path: String, in directory: String) throws -> Bool {
        let query = try connection.statement("SELECT record FROM quarantine WHERE directory=? AND path=?")
            .bind(1, directory).bind(2, path)
        defer { query.reset() }
        guard try query.step(),
            let count = try JSONDecoder().decode(FileRecord.self, from: Data(query.bytes(0))).inQuarantine
        else { return false }
        query.reset()
        try connection.statement("INSERT OR IGNORE INTO quarantine_gone(directory, path, part) VALUES (?, ?, ?)")
            .bind(1, directory).bind(2, path).bind(3, part).run()
        let gone = try connection.statement("SELECT count(*) FROM quarantine_gone WHERE directory=? AND path=?")
            .bind(1, directory).bind(2, path)
        defer { gone.reset() }
        guard try gone.step(), gone.int(0) >= count else { return true }
        gone.reset()
        try forget(directory, path)
        return true
    }

    private func forget(_ directory: String, _ path: String) throws {
        for table in ["quarantine", "quarantine_gone"] {
            try connection.statement("DELETE FROM \(table) WHERE directory=? AND path=?").bind(1, directory)
                .bind(2, path).run()
        }
    }
}
