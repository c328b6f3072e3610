import Articles
import FoundationEssentials
import Messaging
import SQLite

/// The list of what lies in quarantine, whole or in part, as the outcomes tell it.
extension ResultStore {
    /// Takes in an outcome: it puts a file on the list, or takes it off. A file of which parts are kept is off it when the
    /// last of these has an outcome of its own.
    func noteQuarantine(_ file: FileRecord, of stream: StreamID, time: Int64, _ bytes: [UInt8]) throws {
        let number = try number(of: stream)
        let name = QuarantinedName(stream: number, directory: file.directory, path: file.path)
        // What it left there was told when its articles were held; some of it may be gone since.
        if file.heldSeq != nil { return }
        switch file.outcome {
        case .held where file.failedParts == 0: try forget(name)
        case .quarantined, .partial, .held:
            try forget(name)
            try connection.statement(
                "INSERT OR REPLACE INTO quarantine(stream, directory, path, time_ms, record) VALUES (?, ?, ?, ?, ?)"
            ).bind(1, number).bind(2, file.directory).bind(3, file.path).bind(4, time).bind(5, bytes).run()
        case .discarded:
            // Of a file that was kept beside its parts, these are still there.
            if try !noteGone(ResultStore.whole, of: name) { try forget(name) }
        case .published, .duplicate, .ignored: try forget(name)
        }
        if let (path, part) = ResultStore.part(file.path) {
            _ = try noteGone(part, of: .init(stream: number, directory: file.directory, path: path))
        }
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
    private func noteGone(_ part: Int, of file: QuarantinedName) throws -> Bool {
        let query = try file.bind(
            connection.statement("SELECT record FROM quarantine WHERE \(QuarantinedName.condition)"))
        defer { query.reset() }
        guard try query.step(),
            let count = try JSONDecoder().decode(FileRecord.self, from: Data(query.bytes(0))).inQuarantine
        else { return false }
        query.reset()
        try file.bind(
            connection.statement(
                "INSERT OR IGNORE INTO quarantine_gone(stream, directory, path, part) VALUES (?, ?, ?, ?)")
        ).bind(4, part).run()
        let gone = try file.bind(
            connection.statement("SELECT count(*) FROM quarantine_gone WHERE \(QuarantinedName.condition)"))
        defer { gone.reset() }
        guard try gone.step(), gone.int(0) >= count else { return true }
        gone.reset()
        try forget(file)
        return true
    }

    private func forget(_ file: QuarantinedName) throws {
        for table in ["quarantine", "quarantine_gone"] {
            try file.bind(connection.statement("DELETE FROM \(table) WHERE \(QuarantinedName.condition)")).run()
        }
    }
}

/// A file in a quarantine: of the watcher of a stream, since several may have directories of the same path.
private struct QuarantinedName {
    let stream: Int64
    let directory: String
    let path: String

    static let condition = "stream=? AND directory=? AND path=?"

    /// Binds the first three values.
    @discardableResult
    func bind(_ statement: Statement) throws -> Statement {
        try statement.bind(1, stream).bind(2, directory).bind(3, path)
    }
}
