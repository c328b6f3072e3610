import Formats
package import Linux

/// The bytes of an open file, up to the size that it had: what is appended meanwhile is not read.
package final class FileBytes: SeekableByteSource {
    package let size: Int
    private let file: FileDescriptor
    private var place = 0

    /// Takes an open file.
    package init(_ file: consuming FileDescriptor, size: Int) {
        self.file = file
        self.size = size
    }

    package func read(upTo count: Int) throws -> [UInt8] {
        let wanted = min(count, size - place)
        guard wanted > 0 else { return [] }
        let bytes = try file.read(upTo: wanted, at: place)
        place += bytes.count
        return bytes
    }

    package func seek(to offset: Int) { place = offset }

    /// What the file is now.
    func status() throws(SystemError) -> FileStatus { try file.status() }

    /// Reads from any place, and leaves the place of the next byte as it is.
    func read(upTo count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
        try file.read(upTo: min(count, size - offset), at: offset)
    }
}
