/// A piece of a long source: what was read and is not yet used. Its memory follows the longest piece that is used at once.
struct ByteWindow {
    private let source: any ByteSource
    private(set) var bytes: [UInt8] = []
    /// Where what is not yet used begins.
    var start = 0
    private(set) var isAtEnd = false
    /// How many bytes there were before the window.
    private(set) var offset = 0
    /// How many line ends there were before the window.
    private(set) var lines = 0

    private static let pieceSize = 1 << 20

    init(_ source: any ByteSource) { self.source = source }

    /// How many bytes are not yet used.
    var count: Int { bytes.count - start }

    /// Reads more behind what is there.
    mutating func readMore() throws {
        guard !isAtEnd else { return }
        if start > 0 {
            lines += bytes[..<start].withUnsafeBufferPointer { ByteWindow.lineEnds($0) }
            offset += start
            bytes.removeSubrange(..<start)
            start = 0
        }
        let more = try source.read(upTo: max(ByteWindow.pieceSize, bytes.count))
        isAtEnd = more.isEmpty
        if bytes.isEmpty { bytes = more } else { bytes += more }
    }

    /// Puts other bytes in the place of all that were read.
    mutating func replace(_ other: [UInt8]) {
        bytes = other
        start = 0
    }

    /// The line of a place in the window, from 1.
    func line(of index: Int) -> Int {
        lines + 1 + bytes[..<min(index, bytes.count)].withUnsafeBufferPointer { ByteWindow.lineEnds($0) }
    }

    private static func lineEnds(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0
        for byte in bytes { count &+= byte == 0x0a ? 1 : 0 }
        return count
    }
}
