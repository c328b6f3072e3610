import CArchive

/// A way of compressing one stream of bytes.
package enum Compression: String, Sendable, CaseIterable {
    case gzip, zstd, bzip2, xz
    /// The format before xz (`.lzma`), which has neither a signature nor a checksum.
    case lzma

    /// libarchive's number of the filter.
    var filter: Int32 {
        switch self {
        case .gzip: ARCHIVE_FILTER_GZIP
        case .zstd: ARCHIVE_FILTER_ZSTD
        case .bzip2: ARCHIVE_FILTER_BZIP2
        case .xz: ARCHIVE_FILTER_XZ
        case .lzma: ARCHIVE_FILTER_LZMA
        }
    }
}
