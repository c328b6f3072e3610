import Linux

/// The lines of a file or pipe, piece by piece, each at most so long.
struct LineReader: ~Copyable {
    /// A line, or what stands for one that is too long.
    enum Line {
        case whole(Range<Int>)
        case tooLong
    }

    private let file: FileDescriptor
    private let limit: Int
    /// What was read; ranges of lines are places in it, until the next line is asked for.
    private(set) var bytes: [UInt8]
    private var start = 0
    private var isEnd = false
    /// The number of the last line, from 1.
    private(set) var number = 0

    private static let piece = 1 << 20

    /// Makes a reader.
    ///
    /// - Parameter begun: what was already read of the file.
    init(_ file: consuming FileDescriptor, begun: [UInt8] = [], limit: Int) {
        self.file = file
        self.limit = limit
        bytes = begun
    }

    /// Returns the next line without its end, nil at the end of the file.
    mutating func next() throws -> Line? {
        var scanned = start
        var isTooLong = false
        while true {
            let newline = bytes[scanned...].firstIndex(of: UInt8(ascii: "\n"))
            if newline != nil || isEnd {
                let end = newline ?? bytes.count
                guard newline != nil || end > start || isTooLong else { return nil }
                let line = start..<end
                start = min(bytes.count, end + 1)
                number += 1
                return isTooLong || line.count > limit ? .tooLong : .whole(line)
            }
            if bytes.count - start > limit {
                isTooLong = true
                start = bytes.count
            }
            bytes.removeSubrange(..<start)
            start = 0
            scanned = bytes.count
            let piece = try file.readAll(expected: Self.piece, limit: Self.piece)
            isEnd = piece.isEmpty
            bytes += piece
        }
    }
}
