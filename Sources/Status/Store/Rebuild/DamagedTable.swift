import SQLite

/// A table of a damaged database, read by a key that counts: what cannot be read is passed over.
///
/// From the row behind which reading fails it looks for the next one from which it goes on: first in doubled steps, then
/// between the last two, so that no more is passed over than the pages that are damaged.
struct DamagedTable {
    let connection: Connection
    /// A query with one parameter, the key from which on rows are read in its order; the key is column 0.
    let query: String
    /// Whether something could not be read.
    private(set) var hasGaps = false

    /// How far it is looked for something that can be read.
    private static let furthest: Int64 = 1 << 40

    init(_ connection: Connection, _ query: String) {
        self.connection = connection
        self.query = query
    }

    /// Calls `body` for every row that can be read. A row may come twice.
    ///
    /// - Throws: what `body` throws.
    mutating func forEachRow(_ body: (Statement) throws -> Void) throws {
        var next: Int64 = 0
        while true {
            do {
                if try read(from: &next, body) { return }
            } catch let failure as BodyFailure { throw failure.cause }
            hasGaps = true
            guard let found = gapEnd(behind: next) else { return }
            next = found
        }
    }

    private struct BodyFailure: Error { let cause: any Error }

    /// Reads on; returns false where something cannot be read, `next` being the key at which that is.
    private func read(from next: inout Int64, _ body: (Statement) throws -> Void) throws -> Bool {
        guard let statement = try? connection.prepare(query).bind(1, next) else { return false }
        defer { statement.reset() }
        while true {
            guard let hasRow = try? statement.step() else { return false }
            guard hasRow else { return true }
            let key = statement.int64(0)
            do { try body(statement) } catch { throw BodyFailure(cause: error) }
            next = key
        }
    }

    /// Returns the first key behind `key` from which on there is something to read; nil where there is none.
    private func gapEnd(behind key: Int64) -> Int64? {
        var bad = key
        var step: Int64 = 1
        var good: Int64?
        while step <= DamagedTable.furthest {
            if canRead(from: key + step) {
                good = key + step
                break
            }
            bad = key + step
            step *= 2
        }
        guard var good else { return nil }
        while good - bad > 1 {
            let middle = bad + (good - bad) / 2
            if canRead(from: middle) { good = middle } else { bad = middle }
        }
        return good
    }

    private func canRead(from key: Int64) -> Bool {
        guard let statement = try? connection.prepare(query).bind(1, key) else { return false }
        defer { statement.reset() }
        return (try? statement.step()) != nil
    }
}
