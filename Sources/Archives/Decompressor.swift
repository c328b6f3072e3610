/// Decompresses a stream of bytes; also several of them one after the other, as gzip, zstd, bzip2 and xz allow.
///
/// Checksums are verified where the format has them. Data that ends early, and bytes behind the end that are neither a
/// further stream nor zeros, are errors.
package final class Decompressor: ByteInput {
    private enum Engine {
        case gzip(GzipStream)
        case filter(FilterStream)
    }

    package let compression: Compression
    private let engine: Engine
    /// Nothing can be read any more: the data is damaged, or its input failed.
    package private(set) var isDead = false

    /// Makes a decompressor of an input of which nothing was read.
    package init(_ compression: Compression, _ input: any ByteInput) {
        self.compression = compression
        engine =
            compression == .gzip ? .gzip(GzipStream(input)) : .filter(FilterStream(compression, input))
    }

    /// Returns the next bytes, at most `count` and at least one; none at the end.
    ///
    /// - Throws: ``ArchiveError``; what the input throws.
    package func read(upTo count: Int) throws -> [UInt8] {
        guard !isDead, count > 0 else { return [] }
        do {
            switch engine {
            case .gzip(let stream): return try stream.read(upTo: count)
            case .filter(let stream): return try stream.read(upTo: count)
            }
        } catch {
            isDead = true
            throw error
        }
    }
}
