import Glibc
import Linux

/// Making disposals durable: a rename that the disk does not have is undone by a failure of power, and the file lies in the
/// drop directory again.
extension Disposal {
    /// Makes what was done durable; returns the rows whose files are disposed of for good.
    func sync() throws(Trouble) -> [Int64] {
        guard !unsynced.rows.isEmpty else { return [] }
        try Trouble.judge(.keep) { () throws(SystemError) in
            // Where the files are now before where they were.
            try archive.sync()
            try quarantine.sync()
            try unsynced.folders.sync { path throws(SystemError) in path.isEmpty ? root : try root.directory(path) }
        }
        defer { unsynced.rows.removeAll(keepingCapacity: true) }
        return unsynced.rows
    }
}

extension Set<RelativePath> {
    /// More folders than these are not synced one by one, but all of their file system.
    private static var mostFolders: Int { 16 }

    /// Syncs folders and forgets them; what is gone has nothing to be synced.
    mutating func sync(_ open: (RelativePath) throws(SystemError) -> Directory?) throws(SystemError) {
        let isMuch = count > Set.mostFolders
        for path in self {
            do throws(SystemError) {
                guard let folder = try open(path) else { continue }
                if isMuch {
                    try folder.syncFileSystem()
                    break
                }
                try folder.sync()
            } catch {
                guard error.isOfNothing else { throw error }
            }
        }
        removeAll(keepingCapacity: true)
    }
}
