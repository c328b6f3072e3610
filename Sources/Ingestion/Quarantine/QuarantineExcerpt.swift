import Formats
import Linux

/// The place of a quarantined file that is its reason: a few lines or bytes around it.
package struct QuarantineExcerpt: Sendable, Equatable {
    /// The size of the whole file.
    package var size: Int64
    /// Where ``bytes`` begin in the file.
    package var offset: Int
    /// The number of the line that ``bytes`` begin with, where lines were counted.
    package var firstLine: Int?
    package var bytes: [UInt8]

    private enum Limit {
        /// Lines before and after the one that is meant.
        static let lines = 2
        static let bytes = 2048
        /// How far lines are counted.
        static let search = 64 << 20
        static let piece = 64 << 10
    }

    /// Reads the place of a file that is meant by a position as ``ParseError/Position`` writes it; its beginning where there
    /// is none.
    package init(of file: Quarantine.File) throws {
        let root = try Directory(path: file.directory)
        let open = try root.open(file.reason.storedPath.below(Disposal.quarantine))
        try self.init(of: open, position: file.reason.position)
    }

    init(of file: borrowing FileDescriptor, position: String?) throws(SystemError) {
        size = try file.status().size
        offset = 0
        bytes = []
        let words = position?.split(separator: " ") ?? []
        let number = words.count == 2 ? Int(words[1]) : nil
        switch (words.first, number) {
        case ("line", let line?):
            guard let start = try QuarantineExcerpt.start(of: max(1, line - Limit.lines), in: file) else { break }
            offset = start
            firstLine = max(1, line - Limit.lines)
            let found = try file.read(upTo: Limit.bytes, at: offset)
            bytes = Array(found.prefix(QuarantineExcerpt.length(of: 2 * Limit.lines + 1, in: found)))
            return
        // A row of sixteen bytes, and some before it.
        case ("byte", let byte?): offset = max(0, min(byte, Int(size)) / 16 * 16 - 64)
        default: firstLine = 1
        }
        bytes = try file.read(upTo: 256, at: offset)
    }

    /// Returns where a line begins; nil where there is no such line, or only far behind.
    private static func start(of line: Int, in file: borrowing FileDescriptor) throws(SystemError) -> Int? {
        var offset = 0
        var number = 1
        while number < line {
            let piece = try file.read(upTo: Limit.piece, at: offset)
            guard !piece.isEmpty, offset < Limit.search else { return nil }
            for (index, byte) in piece.enumerated() where byte == 0x0a {
                number += 1
                if number == line { return offset + index + 1 }
            }
            offset += piece.count
        }
        return offset
    }

    private static func length(of lines: Int, in bytes: [UInt8]) -> Int {
        var count = 0
        for (index, byte) in bytes.enumerated() where byte == 0x0a {
            count += 1
            if count == lines { return index }
        }
        return bytes.count
    }
}
