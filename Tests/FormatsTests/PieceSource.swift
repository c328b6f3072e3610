import Formats

/// A source that cannot be read from any place, and gives its bytes in pieces of one size.
final class PieceSource: ByteSource {
    struct Broken: Error, Equatable {}

    private let bytes: [UInt8]
    private let piece: Int
    private let failsAt: Int
    private var place = 0

    init(_ bytes: [UInt8], piece: Int = 1000, failsAt: Int = .max) {
        self.bytes = bytes
        self.piece = piece
        self.failsAt = failsAt
    }

    func read(upTo count: Int) throws -> [UInt8] {
        guard place < failsAt else { throw Broken() }
        let end = min(bytes.count, place + min(count, piece))
        defer { place = end }
        return Array(bytes[place..<end])
    }
}
