/// A source of bytes that are all in memory.
final class HeldBytes: SeekableByteSource {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var size: Int { bytes.count }

    func read(upTo count: Int) -> [UInt8] {
        let end = min(bytes.count, place + count)
        defer { place = end }
        return Array(bytes[place..<end])
    }

    func seek(to offset: Int) { place = min(max(0, offset), bytes.count) }
}
