import Linux

/// A file that belongs to another one: it is no article, is complete in its own time, and goes where its file goes.
struct Companion: Sendable, Equatable {
    /// What it says of its file.
    enum Kind: Sendable, Hashable {
        /// Its file is complete.
        case marker
        /// The checksum of its file.
        case checksum(ChecksumFile.Algorithm)
        /// Metadata of its file's articles.
        case metadata
        /// Nothing: it belongs to a companion.
        case attached
    }

    let kind: Kind
    /// Its name, with `*` for that of its file.
    let pattern: String
    /// Relative to the drop directory.
    let path: RelativePath
    /// The state in which it was looked at.
    let identity: FileIdentity

    init(_ place: CompanionNames.Place, _ status: FileStatus) {
        kind = place.kind
        pattern = place.pattern
        path = place.path
        identity = FileIdentity(status)
    }

    /// Returns a companion's name for a file of another name.
    static func name(_ pattern: String, of file: RelativePath) -> RelativePath {
        let parts = pattern.utf8.split(separator: UInt8(ascii: "*"), maxSplits: 1, omittingEmptySubsequences: false)
        return RelativePath(bytes: Array(parts[0]) + Array(file.name) + (parts.count > 1 ? Array(parts[1]) : []))
    }
}
