import Articles
import Hashing
import Linux

/// The regular files below a directory, with the digests of what is in them.
struct FileTree {
    /// Digests by path below the directory.
    private(set) var files: [[UInt8]: [UInt8]] = [:]

    /// Reads the tree; what is not there has no files.
    ///
    /// - Parameter takes: whether a name of the top is of interest.
    init(_ path: String, takes: (RelativePath) -> Bool = { _ in true }) throws {
        do {
            try read(Directory(path: path), RelativePath(""), takes)
        } catch let error as SystemError where error.code == 2 {
            // It was never needed.
        }
    }

    private mutating func read(
        _ directory: Directory, _ path: RelativePath, _ takes: (RelativePath) -> Bool
    ) throws {
        for entry in try directory.entries() where !path.isEmpty || takes(entry.name) {
            let below = entry.name.below(path)
            switch try directory.status(of: entry.name)?.kind {
            case .directory: try read(directory.directory(entry.name), below, takes)
            case .regular:
                let bytes = try directory.open(entry.name).readAll(expected: 4096, limit: 1 << 30)
                files[Array(below.bytes)] = SHA256.hash(bytes)
            default: continue
            }
        }
    }
}
