import Archives

/// An input that gives its bytes in pieces of one size, and may fail.
class PieceInput: ByteInput {
    struct Broken: Error, Equatable {}

    private let bytes: [UInt8]
    private let piece: Int
    private let failsAt: Int?
    private(set) var place = 0

    init(_ bytes: [UInt8], piece: Int = 1000, failsAt: Int? = nil) {
        self.bytes = bytes
        self.piece = piece
        self.failsAt = failsAt
    }

    var size: Int { bytes.count }
    func seek(to offset: Int) { place = offset }

    func read(upTo count: Int) throws -> [UInt8] {
        if let failsAt, place >= failsAt { throw Broken() }
        let end = min(bytes.count, place + min(count, piece))
        defer { place = end }
        return Array(bytes[place..<end])
    }
}

/// The same, from any place.
final class SeekableInput: PieceInput, SeekableByteInput {}

extension ByteInput {
    /// Returns all that is left.
    func readAll() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while case let more = try read(upTo: 777), !more.isEmpty { bytes += more }
        return bytes
    }
}

extension ArchiveReader {
    /// Returns all entries with their content.
    func readAll() throws -> [(entry: ArchiveEntry, content: [UInt8])] {
        var all: [(ArchiveEntry, [UInt8])] = []
        while let entry = try next() {
            var content: [UInt8] = []
            while case let more = try read(upTo: 777), !more.isEmpty { content += more }
            all.append((entry, content))
        }
        return all
    }
}
