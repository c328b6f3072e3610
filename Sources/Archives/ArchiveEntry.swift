/// What an archive says of one of its entries.
package struct ArchiveEntry: Equatable, Sendable {
    /// What it is.
    package enum Kind: String, Sendable {
        case file
        case directory
        /// A second name of an earlier entry.
        case hardLink = "hard link"
        case symbolicLink = "symbolic link"
        case characterDevice = "character device"
        case blockDevice = "block device"
        case pipe = "named pipe"
        case socket
        case unknown = "thing of unknown kind"
    }

    /// The path as the archive has it, which need not be UTF-8 and may lead anywhere. Where the archive says that it is
    /// UTF-8, libarchive composes its letters (NFC). It ends before a NUL.
    package let path: [UInt8]
    package let kind: Kind
    /// The number of bytes of its content; nil where only the end of the content tells.
    package let size: Int?
    package let isEncrypted: Bool
    /// Part of its content is not in the archive but holes, which read as zeros.
    package let isSparse: Bool
}
