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
}
