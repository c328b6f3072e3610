import FoundationEssentials
import Linux
import Telemetry

/// The record of all erasures: the file `erasures.jsonl` in the state directory, a line each, only ever added to, and on the
/// disk before anything is erased.
///
/// It stands apart from the database, so that a database that is restored from a backup is told what was erased since. It
/// has none of the words that were.
final class ErasureBook {
    static let name = "erasures.jsonl"
    /// More of it is not read at once.
    private static let mostBytes = 1 << 30

    private let directory: Directory
    private(set) var entries: [ErasureEntry] = []
    private let logger = Logger(label: "intake")

    /// Reads the book of a state directory.
    ///
    /// - Throws: `SystemError` where it cannot be read: nobody knows then what a log may show.
    init(directory path: String) throws(SystemError) {
        directory = try Directory(path: path)
        let name = RelativePath(ErasureBook.name)
        guard let status = try directory.status(of: name) else { return }
        let bytes = try directory.open(name).readAll(expected: Int(status.size), limit: ErasureBook.mostBytes)
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            do {
                entries.append(try JSONDecoder().decode(ErasureEntry.self, from: Data(line)))
            } catch {
                // One that was cut by an end of power was never acted upon; any other was changed by hand.
                logger.warning(
                    "A line of the book of erasures cannot be read and is passed over.",
                    ["path": "\(path)/\(ErasureBook.name)", "line": "\(index + 1)", "reason": "\(error)"])
            }
        }
        if let last = bytes.last, last != UInt8(ascii: "\n") { try write([]) }
    }

    /// Adds an entry and returns it with its number, when the disk has it.
    ///
    /// - Parameter number: the least number that it may have.
    func append(_ entry: ErasureEntry, from number: Int64) throws(SystemError) -> ErasureEntry {
        var entry = entry
        entry.number = max(number, (entries.last?.number ?? 0) + 1)
        try write(entry.json)
        entries.append(entry)
        return entry
    }

    private func write(_ line: [UInt8]) throws(SystemError) {
        let isNew = try directory.status(of: RelativePath(ErasureBook.name)) == nil
        let file = try directory.openForAppending(RelativePath(ErasureBook.name))
        try file.writeAll(line + [UInt8(ascii: "\n")])
        try file.sync()
        if isNew { try directory.sync() }
    }
}
