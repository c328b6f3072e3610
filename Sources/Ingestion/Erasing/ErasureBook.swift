import Articles
import FoundationEssentials
import Linux
import Messaging
import Telemetry

/// The record of all erasures: the file `erasures.jsonl` in the state directory, a line each, only ever added to, and on the
/// disk before anything is erased.
///
/// It stands apart from the database, so that a database that is restored from a backup is told what was erased since; the
/// database notes up to where it knows the book, and no start reads more than what is behind that. It has none of the words
/// that were erased.
final class ErasureBook {
    /// A place between two lines.
    struct Place: Equatable {
        /// The bytes before it.
        var bytes = 0
        /// The number of the last line before it.
        var number: Int64 = 0
    }

    static let name = RelativePath("erasures.jsonl")
    private static let pieceBytes = 1 << 20

    private let directory: Directory
    /// What an operator erased and the database does not know, with the place behind each.
    private(set) var missing: [(entry: ErasureEntry, end: Place)] = []
    private var end: Place
    /// The place before the first line of an operator's that was written and could not be applied.
    private var failed: Place?
    private static let logger = Logger(label: "intake")

    /// Opens the book of a state directory and reads what is behind a place.
    ///
    /// - Throws: `SystemError` where it cannot be read, `NewerState` where a later version has written in it: nobody knows
    ///   then what a log may show.
    init(directory path: String, from known: Place) throws {
        directory = try Directory(path: path)
        end = known
        let size = Int(try directory.status(of: ErasureBook.name)?.size ?? 0)
        if size < known.bytes {
            ErasureBook.logger.warning(
                .erasureBookShort,
                [.path: "\(path)/\(ErasureBook.name)", .bytes: "\(size)"])
            end.bytes = 0
        }
        guard size > end.bytes else { return }
        var rest = try ErasureBook.forEach(in: directory, from: end.bytes) { entry, bytes in
            guard let entry else { return true }
            let place = Place(bytes: bytes, number: max(end.number, entry.number))
            if entry.subject != nil { missing.append((entry, place)) }
            end.number = place.number
            return true
        }
        // A line that an end of power has cut was never acted upon; the next one is to have a line of its own.
        if rest < size {
            try write([])
            rest = size + 1
        }
        end.bytes = rest
    }

    /// The place up to which everything is applied when the entry that was added last is.
    var applied: Place { failed ?? end }

    /// Adds an entry and returns it with its number, when the disk has it.
    func append(_ entry: ErasureEntry) throws(SystemError) -> ErasureEntry {
        var entry = entry
        entry.number = end.number + 1
        let line = entry.json
        try write(line)
        end = Place(bytes: end.bytes + line.count + 1, number: entry.number)
        return entry
    }

    /// The place behind the last entry.
    var last: Place { end }

    /// Notes that what was added behind a place could not be applied: it is read again by the next start.
    func noteFailed(from place: Place) { failed = failed ?? place }

    private func write(_ line: [UInt8]) throws(SystemError) {
        let isNew = try directory.status(of: ErasureBook.name) == nil
        let file = try directory.openForAppending(ErasureBook.name)
        try file.writeAll(line + [UInt8(ascii: "\n")])
        try file.sync()
        if isNew { try directory.sync() }
    }

    // MARK: Reading

    /// Shows the entries from a place on with the bytes up to behind each, as long as `body` returns true; nil for a line
    /// that cannot be read.
    ///
    /// - Returns: the bytes up to behind the last line that was shown.
    @discardableResult
    static func forEach(
        in directory: Directory, from start: Int, _ body: (ErasureEntry?, Int) -> Bool
    ) throws -> Int {
        guard try directory.status(of: name) != nil else { return start }
        let file = try directory.open(name)
        var (shown, place) = (start, start)
        var rest: [UInt8] = []
        while true {
            let piece = try file.read(upTo: pieceBytes, at: place)
            if piece.isEmpty { return shown }
            place += piece.count
            rest += piece
            var begin = 0
            while let end = rest[begin...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = rest[begin..<end]
                begin = end + 1
                shown += line.count + 1
                guard !line.isEmpty else { continue }
                if !body(try read(line, endingAt: shown, in: directory), shown) { return shown }
            }
            rest.removeFirst(begin)
        }
    }

    /// What every version of a line has.
    private struct Head: Decodable {
        var v: Int64?
    }

    private static func read(
        _ line: ArraySlice<UInt8>, endingAt place: Int, in directory: Directory
    ) throws(NewerState) -> ErasureEntry? {
        let line = Data(line)
        // A line that is not understood would be an erasure that is not done: it is not passed over.
        if let version = (try? JSONDecoder().decode(Head.self, from: line))?.v, version > ErasureEntry.version {
            throw NewerState(
                name: "the book of erasures", path: "\(directory.path)/\(name)", version: version,
                known: ErasureEntry.version)
        }
        do { return try JSONDecoder().decode(ErasureEntry.self, from: line) } catch {
            logger.warning(
                "A line of the book of erasures cannot be read and is passed over.",
                [.path: "\(name)", .place: "byte \(place)", .reason: "\(error)"])
            return nil
        }
    }
}
